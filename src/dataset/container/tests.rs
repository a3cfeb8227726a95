//! Every container and every fault, with small files, and the real samples where they are.

use std::fs;
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::builder::{BinaryBuilder, ListBuilder, StringBuilder, StructBuilder};
use arrow_array::{ArrayRef, BinaryArray, Int32Array, RecordBatch, StringArray, StructArray};
use arrow_schema::{DataType, Field, Fields, Schema};
use proptest::prelude::*;
use tempfile::TempDir;

use super::{Found, Skipped, read};
use crate::dataset::cell::{Blob, Cell, Record};
use crate::dataset::read_blob;
use crate::dataset::source::{Compression, Container, Shard, Sources, find};
use crate::model::ImageRef;

/// A folder with files in it.
struct Folder(TempDir);

impl Folder {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn with(files: &[(&str, &[u8])]) -> Self {
        let folder = Self::new();
        for (name, bytes) in files {
            folder.put(name, bytes);
        }
        folder
    }

    fn put(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        path
    }

    fn find(&self) -> Sources {
        find(&[self.0.path().to_path_buf()]).unwrap()
    }
}

fn read_all(shard: &Shard, from_row: u64, wanted: Option<&[String]>) -> (Vec<Record>, Vec<Skipped>) {
    let mut records = Vec::new();
    let mut skipped = Vec::new();
    let flow = read(shard, from_row, wanted, &mut |found| {
        match found {
            Found::Record(record) => records.push(record),
            Found::Skipped(one) => skipped.push(one),
            Found::Passed(_) => {}
        }
        ControlFlow::Continue(())
    });
    assert_eq!(flow, ControlFlow::Continue(()));
    (records, skipped)
}

/// The only shard of one file, read; reading from every row on gives the same rows.
fn one_file(name: &str, bytes: &[u8]) -> (Container, Vec<Record>, Vec<String>) {
    let folder = Folder::with(&[(name, bytes)]);
    let sources = folder.find();
    assert_eq!(sources.shards.len(), 1, "{sources:?}");
    let shard = &sources.shards[0];
    let (records, skipped) = read_all(shard, 0, None);
    for record in &records {
        let (rest, _) = read_all(shard, record.row, None);
        assert_eq!(rest.first(), Some(record));
        if record.row > 20 {
            break;
        }
    }
    let prefix = folder.0.path().display().to_string() + "/";
    let told = skipped.iter().map(|one| one.to_string().replace(&prefix, "")).collect();
    (shard.container.clone(), records, told)
}

/// Rows, keys and fields in short.
fn short(records: &[Record]) -> Vec<String> {
    records
        .iter()
        .map(|record| {
            let table = record.table.as_ref().map(|table| format!("{table}.")).unwrap_or_default();
            let key = record.key.as_ref().map(|key| format!("{key}=")).unwrap_or_default();
            format!("{} {} {table}{key}{}", record.row, record.position, brief(&record.cell))
        })
        .collect()
}

fn brief(cell: &Cell) -> String {
    match cell {
        Cell::Null => "null".to_owned(),
        Cell::Bool(value) => value.to_string(),
        Cell::Int(value) => value.to_string(),
        Cell::Float(value) => format!("{value:?}"),
        Cell::Text(value) => value.clone(),
        Cell::List(values) => format!("[{}]", values.iter().map(brief).collect::<Vec<_>>().join(",")),
        Cell::Map(fields) => {
            let fields: Vec<String> =
                fields.iter().map(|(name, cell)| format!("{name}:{}", brief(cell))).collect();
            format!("{{{}}}", fields.join(","))
        }
        Cell::Blob(Blob { reference, name }) => match reference {
            ImageRef::Cell { row, column, item, .. } => format!("<{column} {row} {item} {name:?}>"),
            ImageRef::Span { offset, length, .. } => format!("<span {offset} {length}>"),
            ImageRef::File(path) => format!("<{}>", path.file_name().unwrap().to_string_lossy()),
            ImageRef::Missing { name, .. } => format!("<missing {name}>"),
            other => format!("{other:?}"),
        },
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn json_lines_with_every_fault() {
    let text = b"\xef\xbb\xbf{\"a\":1}\r\n\n{\"a\":\n{\"a\":\"\xff\"}\n[2]\n{\"b\":3}";
    let (container, records, skipped) = one_file("x.jsonl", text);
    assert_eq!(container, Container::JsonLines);
    assert_eq!(short(&records), ["0 1 {a:1}", "4 5 [2]", "5 6 {b:3}"]);
    assert_eq!(
        skipped,
        [
            "x.jsonl:line 3: broken JSON: EOF while parsing a value, column 5",
            "x.jsonl:line 4: invalid UTF-8 at byte 7 of the record"
        ]
    );
    assert_eq!(records[2].span, Some((33, 7)));
}

#[test]
fn a_file_that_ends_inside_a_line_says_so() {
    let (_, records, skipped) = one_file("x.jsonl", b"{\"a\":1}\n{\"a\":\"tw");
    assert_eq!(records.len(), 1);
    assert_eq!(skipped, ["x.jsonl:line 2: the file ends inside this line"]);
}

#[test]
fn long_lines_and_deep_nesting_cost_one_record() {
    let mut text = b"{\"a\":1}\n{\"a\":\"".to_vec();
    text.resize(text.len() + 65 * 1024 * 1024, b'x');
    text.extend_from_slice(b"\"}\n");
    text.extend_from_slice("[".repeat(10_000).as_bytes());
    text.extend_from_slice(b"\n{\"a\":2}\n");
    let folder = Folder::with(&[("x.jsonl", &text)]);
    let (records, skipped) = read_all(&folder.find().shards[0], 0, None);
    assert_eq!(short(&records), ["0 1 {a:1}", "3 4 {a:2}"]);
    let reasons: Vec<&str> = skipped.iter().map(|one| one.reason.as_str()).collect();
    assert_eq!(reasons, ["68 MB in one record, more than is read", "nested too deep (more than 127 levels)"]);
}

#[test]
fn json_of_every_make() {
    let table: &[(&str, &str, Container, &[&str])] = &[
        ("a.json", "[{\"a\":1},\n {\"a\":[2]}]", Container::JsonArray, &["0 1 {a:1}", "1 2 {a:[2]}"]),
        ("l.json", "{\"a\":1}\n{\"a\":2}\n", Container::JsonLines, &["0 1 {a:1}", "1 2 {a:2}"]),
        ("c.json", "{\"a\":\n1}\n{\"a\":\n2}\n", Container::JsonArray, &["0 1 {a:1}", "1 2 {a:2}"]),
        (
            "coco.json",
            r#"{"info":{},"images":[{"id":1}],"type":"x","annotations":[{"id":2},{"id":3}],"n":[1]}"#,
            Container::JsonTables,
            &["0 1 images.{id:1}", "1 1 annotations.{id:2}", "2 2 annotations.{id:3}"],
        ),
        (
            "d.json",
            r#"{"0":{"filename":"a.jpg"},"1":{"filename":"b.jpg"}}"#,
            Container::JsonDict,
            &["0 1 0={filename:a.jpg}", "1 2 1={filename:b.jpg}"],
        ),
        (
            "e.json",
            r#"{"a.png":["x","y"],"b.png":["z"]}"#,
            Container::JsonDict,
            &["0 1 a.png={value:[x,y]}", "1 2 b.png={value:[z]}"],
        ),
        (
            "f.json",
            r#"{"coco_301091":"coco_301091.jpg"}"#,
            Container::JsonDict,
            &["0 1 coco_301091={value:coco_301091.jpg}"],
        ),
        (
            "g.json",
            r#"{"image":["a.jpg","b.jpg"],"text":["x","y"]}"#,
            Container::JsonColumns,
            &["0 1 {image:a.jpg,text:x}", "1 2 {image:b.jpg,text:y}"],
        ),
        (
            "h.json",
            r#"{"image":{"0":"a.jpg","1":"b.jpg"},"n":{"0":1,"1":null}}"#,
            Container::JsonColumns,
            &["0 1 {image:a.jpg,n:1}", "1 2 {image:b.jpg,n:null}"],
        ),
    ];
    for (name, text, container, expected) in table {
        let (found, records, skipped) = one_file(name, text.as_bytes());
        assert_eq!(&found, container, "{name}");
        assert_eq!(&short(&records), expected, "{name}");
        assert_eq!(skipped, Vec::<String>::new(), "{name}");
    }
    let (container, records, _) = one_file("0001.json", br#"{"image":"a.jpg","masks":[{"x":1}]}"#);
    assert!(matches!(container, Container::JsonRecord { .. }));
    assert_eq!(short(&records), ["0 1 0001={image:a.jpg,masks:[{x:1}]}"]);
}

#[test]
fn reading_goes_on_after_a_broken_element() {
    let table: &[(&str, &[&str], usize)] = &[
        (r#"[{"a":1}, {"a":tru}, {"a":2}]"#, &["0 1 {a:1}", "2 3 {a:2}"], 1),
        (r#"[{"a":1}, {"a":"x}, {"a":"dog"}, {"a":2}]"#, &["0 1 {a:1}", "2 3 {a:dog}", "3 4 {a:2}"], 1),
        (r#"[{"a":[1}, {"a":2}]"#, &["1 2 {a:2}"], 1),
        (r#"[{"a":1},, {"a":2},]"#, &["0 1 {a:1}", "1 2 {a:2}"], 0),
        (r#"[{"a":1}, {"a":2"#, &["0 1 {a:1}"], 2),
    ];
    for (text, expected, faults) in table {
        let (_, records, skipped) = one_file("x.json", text.as_bytes());
        assert_eq!(&short(&records), expected, "{text}");
        assert_eq!(skipped.len(), *faults, "{text}: {skipped:?}");
    }
}

#[test]
fn packed_texts_are_unpacked() {
    let two = [gzip(b"{\"a\":1}\n"), gzip(b"{\"a\":2}\n")].concat();
    let (_, records, skipped) = one_file("x.jsonl.gz", &two);
    assert_eq!((records.len(), skipped.len()), (2, 0));
    assert_eq!(records[0].span, None);
    let zst = zstd::encode_all(&b"[{\"a\":1}]"[..], 3).unwrap();
    let (container, records, _) = one_file("x.json.zst", &zst);
    assert_eq!((container, records.len()), (Container::JsonArray, 1));
    let (container, records, _) = one_file("x.csv.gz", &gzip(b"image,caption\na.jpg,b\n"));
    assert!(matches!(container, Container::Csv(_)));
    assert_eq!(short(&records), ["0 2 {image:a.jpg,caption:b}"]);
}

#[test]
fn a_cut_gzip_gives_what_came_before_the_cut() {
    let lines: Vec<String> =
        (0..50_000).map(|number| format!("{{\"a\":{}}}", number * 7919 % 50_021)).collect();
    let text = lines.join("\n");
    let mut packed = gzip(text.as_bytes());
    packed.truncate(packed.len() / 2);
    let folder = Folder::with(&[("x.jsonl.gz", &packed)]);
    let (records, skipped) = read_all(&folder.find().shards[0], 0, None);
    assert!(records.len() > 10_000, "{}", records.len());
    assert_eq!(skipped.len(), 1);
    assert_eq!(skipped[0].reason, "the gzip file ends too early");
}

#[test]
fn tables_as_text() {
    let (_, records, skipped) =
        one_file("captions.txt", b"image,caption\r\na.jpg,\"x, \"\"y\"\"\nz\"\r\nb.jpg,w\r\n\r\nc.jpg\r\n");
    assert_eq!(short(&records), ["0 2 {image:a.jpg,caption:x, \"y\"\nz}", "1 4 {image:b.jpg,caption:w}"]);
    assert_eq!(skipped, ["captions.txt:line 6: 1 field where there should be 2"]);

    let (_, records, _) = one_file("x.token", b"a.jpg#0\tA \"dog\na.jpg#1\t\"Two dogs\nb.jpg#0\tCat\tx\n");
    assert_eq!(
        short(&records),
        [
            "0 1 {column_1:a.jpg#0,column_2:A \"dog}",
            "1 2 {column_1:a.jpg#1,column_2:\"Two dogs}",
            "2 3 {column_1:b.jpg#0,column_2:Cat\tx}"
        ]
    );
    let bars =
        b"image_name| comment_number| comment\na.jpg| 0| A dog .\nb.jpg| 4   A cat\nb.jpg| 1| A bird\n";
    let (_, records, skipped) = one_file("results.csv", bars);
    assert_eq!(records.len(), 3, "{skipped:?}");
    assert_eq!(brief(&records[0].cell), "{image_name:a.jpg,comment_number:0,comment:A dog .}");
}

#[test]
fn a_forgotten_quote_costs_no_other_line() {
    let mut text = "id,caption\n1,\"fine\"\n2,\"open\n".to_owned();
    text.extend((3..400).flat_map(|number| [number.to_string(), ",\"row\"\n".to_owned()]));
    let (_, records, skipped) = one_file("x.csv", text.as_bytes());
    assert_eq!(records.len() + skipped.len(), 399);
    assert!(records.len() >= 398);
}

fn tar_of(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        builder.append_data(&mut header, name, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

#[test]
fn members_of_an_archive_are_joined() {
    let long = format!("{}/3.jpg", "n".repeat(150));
    let bytes = tar_of(&[
        ("1.jpg", b"PIC1"),
        ("1.json", br#"{"caption":"one","jpg":7}"#),
        ("2.txt", b"two"),
        ("1.seg.png", b"SEG"),
        ("2.json", b"{broken"),
        (&long, b"PIC3"),
        ("README", b"hello"),
    ]);
    let (container, records, skipped) = one_file("0.tar", &bytes);
    assert_eq!(container, Container::Tar);
    assert_eq!(records.len(), 3);
    let spans = "{jpg:<span 512 4>,caption:one,json.jpg:7,seg.png:<span 3584 3>}";
    assert_eq!(short(&records[..2]), [format!("0 1 1={spans}"), "1 3 2={txt:two}".to_owned()]);
    assert_eq!(skipped, ["0.tar:member 5: 2.json: broken JSON: key must be a string, column 2"]);

    let folder = Folder::new();
    let path = folder.put("0.tar", &bytes);
    let reference = ImageRef::Span { file: path, name: "1.seg.png".to_owned(), offset: 3584, length: 3 };
    assert_eq!(read_blob(&reference, 3).unwrap(), b"SEG");
    assert!(read_blob(&reference, 2).is_err());
}

#[test]
fn damaged_archives_give_what_is_whole() {
    let mut bytes = tar_of(&[("1.txt", b"one"), ("2.txt", b"two"), ("3.txt", b"three")]);
    let mut cut = bytes.clone();
    cut.truncate(512 * 5 + 2);
    let (_, records, skipped) = one_file("cut.tar", &cut);
    assert_eq!(records.len(), 2);
    assert_eq!(skipped, ["cut.tar:byte 2048: the archive ends inside 3.txt"]);
    bytes[1024 + 5] ^= 0xff;
    let (_, records, skipped) = one_file("bad.tar", &bytes);
    assert_eq!(short(&records), ["0 1 1={txt:one}", "1 2 3={txt:three}"]);
    assert_eq!(skipped, ["bad.tar:byte 1024: a damaged header"]);
    let (_, records, _) = one_file("a.tar.gz", &gzip(&tar_of(&[("1.jpg", b"PIC"), ("1.txt", b"one")])));
    assert_eq!(short(&records), ["0 1 1={jpg:<missing 1.jpg>,txt:one}"]);
}

#[test]
fn pictures_with_sidecars() {
    let folder = Folder::with(&[
        ("10_my dog/a10.JPG", b"x"),
        ("10_my dog/a9.png", b"x"),
        ("10_my dog/a9.txt", b"a brown dog"),
        ("10_my dog/a10.caption", b""),
        ("10_my dog/b.webp", b"x"),
        ("10_my dog/b.json", br#"{"tags":["x"]}"#),
    ]);
    let sources = folder.find();
    assert_eq!(sources.shards.len(), 1, "{sources:?}");
    assert_eq!(sources.shards[0].container, Container::Pictures { beside: Vec::new() });
    let (records, skipped) = read_all(&sources.shards[0], 0, None);
    assert_eq!(
        short(&records),
        [
            "0 1 a9={image:<a9.png>,txt:a brown dog,folder:10_my dog}",
            "1 2 a10={image:<a10.JPG>,folder:10_my dog}",
            "2 3 b={image:<b.webp>,tags:[x],folder:10_my dog}"
        ]
    );
    assert_eq!(skipped, []);
}

fn picture_column(rows: &[(Option<&[u8]>, Option<&str>)]) -> StructArray {
    let fields = Fields::from(vec![
        Field::new("bytes", DataType::Binary, true),
        Field::new("path", DataType::Utf8, true),
    ]);
    let bytes: ArrayRef =
        Arc::new(BinaryArray::from(rows.iter().map(|(bytes, _)| *bytes).collect::<Vec<_>>()));
    let paths: ArrayRef = Arc::new(StringArray::from(rows.iter().map(|(_, path)| *path).collect::<Vec<_>>()));
    StructArray::new(fields, vec![bytes, paths], None)
}

fn list_column(rows: &[&[(&[u8], &str)]]) -> ArrayRef {
    let fields = Fields::from(vec![
        Field::new("bytes", DataType::Binary, true),
        Field::new("path", DataType::Utf8, true),
    ]);
    let record =
        StructBuilder::new(fields, vec![Box::new(BinaryBuilder::new()), Box::new(StringBuilder::new())]);
    let mut list = ListBuilder::new(record);
    for row in rows {
        for (bytes, path) in *row {
            let record = list.values();
            record.field_builder::<BinaryBuilder>(0).unwrap().append_value(bytes);
            record.field_builder::<StringBuilder>(1).unwrap().append_value(path);
            record.append(true);
        }
        list.append(true);
    }
    Arc::new(list.finish())
}

fn sample_batch() -> RecordBatch {
    let image =
        picture_column(&[(Some(b"A1"), Some("a.jpg")), (Some(b"B22"), None), (Some(b"C"), Some("c.jpg"))]);
    let linked = picture_column(&[(None, Some("/x/a.jpg")), (None, None), (None, Some("/x/c.jpg"))]);
    let images = list_column(&[&[(b"L0", "l0"), (b"L1", "l1")], &[], &[(b"L2", "l2")]]);
    let jpg: ArrayRef = Arc::new(BinaryArray::from(vec![&b"\xff\xd8P"[..], b"\xff\xd8Q", b"\xff\xd8R"]));
    let words: ArrayRef = Arc::new(BinaryArray::from(vec![&b"one"[..], b"two", b"three"]));
    let number: ArrayRef = Arc::new(Int32Array::from(vec![Some(1), None, Some(3)]));
    let columns: Vec<(&str, ArrayRef)> = vec![
        ("image", Arc::new(image)),
        ("linked", Arc::new(linked)),
        ("images", images),
        ("jpg", jpg),
        ("words", words),
        ("n", number),
    ];
    let fields: Vec<Field> =
        columns.iter().map(|(name, array)| Field::new(*name, array.data_type().clone(), true)).collect();
    RecordBatch::try_new(Arc::new(Schema::new(fields)), columns.into_iter().map(|(_, array)| array).collect())
        .unwrap()
}

fn parquet_of(batch: &RecordBatch, group: usize) -> Vec<u8> {
    let properties = parquet::file::properties::WriterProperties::builder()
        .set_max_row_group_row_count(Some(group))
        .build();
    let mut writer =
        parquet::arrow::ArrowWriter::try_new(Vec::new(), batch.schema(), Some(properties)).unwrap();
    writer.write(batch).unwrap();
    writer.into_inner().unwrap()
}

fn blobs(cell: &Cell, found: &mut Vec<ImageRef>) {
    match cell {
        Cell::Blob(blob) => found.push(blob.reference.clone()),
        Cell::List(values) => values.iter().for_each(|value| blobs(value, found)),
        Cell::Map(fields) => fields.iter().for_each(|(_, value)| blobs(value, found)),
        _ => {}
    }
}

/// The bytes behind all addresses of a table, row by row.
fn contents(bytes: &[u8], name: &str) -> (Vec<String>, Vec<Vec<String>>) {
    let folder = Folder::with(&[(name, bytes)]);
    let shard = &folder.find().shards[0];
    let (records, skipped) = read_all(shard, 0, None);
    assert_eq!(skipped, []);
    let bytes = records.iter().map(|record| {
        let mut found = Vec::new();
        blobs(&record.cell, &mut found);
        found.iter().map(|one| String::from_utf8_lossy(&read_blob(one, 100).unwrap()).into_owned()).collect()
    });
    (short(&records), bytes.collect())
}

const SAMPLE: [&str; 3] = [
    "0 1 {image:<image 0 0 Some(\"a.jpg\")>,linked:/x/a.jpg,\
     images:[<images 0 0 Some(\"l0\")>,<images 0 1 Some(\"l1\")>],jpg:<jpg 0 0 None>,words:one,n:1}",
    "1 2 {image:<image 1 0 None>,linked:null,images:[],jpg:<jpg 1 0 None>,words:two,n:null}",
    "2 3 {image:<image 2 0 Some(\"c.jpg\")>,linked:/x/c.jpg,\
     images:[<images 2 0 Some(\"l2\")>],jpg:<jpg 2 0 None>,words:three,n:3}",
];
const SAMPLE_BYTES: [&[&str]; 3] = [
    &["A1", "L0", "L1", "\u{fffd}\u{fffd}P"],
    &["B22", "\u{fffd}\u{fffd}Q"],
    &["C", "L2", "\u{fffd}\u{fffd}R"],
];

#[test]
fn parquet_cells_and_their_pictures() {
    for group in [1, 2, 3] {
        let (records, bytes) = contents(&parquet_of(&sample_batch(), group), "x.parquet");
        assert_eq!(records, SAMPLE);
        assert_eq!(bytes, SAMPLE_BYTES);
    }
    let (container, records, _) = one_file("x.parquet", &parquet_of(&sample_batch(), 2));
    assert_eq!((container, records.len()), (Container::Parquet, 3));
}

#[test]
fn arrow_streams_and_files() {
    let batch = sample_batch();
    let mut stream = Vec::new();
    let mut writer = arrow_ipc::writer::StreamWriter::try_new(&mut stream, &batch.schema()).unwrap();
    writer.write(&batch.slice(0, 1)).unwrap();
    writer.write(&batch.slice(1, 2)).unwrap();
    writer.finish().unwrap();
    drop(writer);
    let mut file = Vec::new();
    let mut writer = arrow_ipc::writer::FileWriter::try_new(&mut file, &batch.schema()).unwrap();
    writer.write(&batch).unwrap();
    writer.finish().unwrap();
    drop(writer);
    // Arrow says what is text; so plain bytes are always left where they are.
    let words = |text: &&str| {
        let row = text.chars().next().unwrap();
        let (before, after) = text.split_once("words:").unwrap();
        format!("{before}words:<words {row} 0 None>,{}", after.split_once(',').unwrap().1)
    };
    let expected: Vec<String> = SAMPLE.iter().map(words).collect();
    for bytes in [&stream, &file] {
        let (records, pictures) = contents(bytes, "data-00000-of-00001.arrow");
        assert_eq!(records, expected);
        let shorter: Vec<Vec<String>> = pictures.iter().map(|row| row[..row.len() - 1].to_vec()).collect();
        assert_eq!(shorter, SAMPLE_BYTES);
        assert_eq!(pictures[2].last().unwrap(), "three");
    }
    stream.truncate(stream.len() - 200);
    let (_, records, skipped) = one_file("x.arrow", &stream);
    assert_eq!(records.len(), 1);
    assert_eq!(skipped, ["x.arrow:row 2: the Arrow file ends too early"]);
}

#[test]
fn broken_parquet_is_told() {
    let whole = parquet_of(&sample_batch(), 3);
    let (_, records, skipped) = one_file("x.parquet", &whole[..whole.len() / 2]);
    assert_eq!(records.len(), 0);
    assert!(skipped[0].starts_with("x.parquet: broken Parquet: "), "{skipped:?}");
}

#[test]
fn only_wanted_columns_come() {
    let folder = Folder::with(&[("x.parquet", &parquet_of(&sample_batch(), 3))]);
    let wanted = ["n".to_owned()];
    let (records, _) = read_all(&folder.find().shards[0], 1, Some(&wanted));
    assert_eq!(short(&records), ["1 2 {n:null}", "2 3 {n:3}"]);
}

#[test]
fn a_text_in_a_line_is_read_again() {
    let folder = Folder::new();
    let file = folder.put("x.jsonl", b"{\"a\":1}\n{\"i\":{\"url\":\"data:x\"}}\n");
    let field = |pointer: &str| ImageRef::Field {
        file: file.clone(),
        offset: 8,
        length: 22,
        pointer: pointer.to_owned(),
    };
    assert_eq!(read_blob(&field("/i/url"), 100).unwrap(), b"data:x");
    assert!(read_blob(&field("/i/no"), 100).unwrap_err().to_string().contains("x.jsonl"));
}

#[test]
fn folders_are_sorted_out() {
    type Case<'a> = (&'a [(&'a str, &'a [u8])], &'a [&'a str], usize);
    let table: &[Case<'_>] = &[
        // A table beside its pictures.
        (
            &[("train/metadata.jsonl", b"{\"file_name\":\"a.jpg\"}\n"), ("train/a.jpg", b"x")],
            &["metadata.jsonl"],
            0,
        ),
        (&[("annotations/c.json", b"[{\"a\":1}]"), ("images/a.jpg", b"x")], &["c.json"], 0),
        // Broken and foreign neighbours.
        (&[("train.csv", b"a,b\n1,x\n"), ("meta.json", b"{\"a\": 1,\n}")], &["train.csv"], 1),
        (
            &[("a.jsonl", b"{}\n"), ("README.md", b"hi"), (".x.json", b"[]"), ("dataset_info.json", b"{}")],
            &["a.jsonl"],
            0,
        ),
        // Names that only begin like asides; folders may be called anything.
        (
            &[
                ("license_plates.csv", b"a,b\n1,x\n"),
                ("LICENSE.txt", b"a,b\n1,x\n"),
                ("tmp/x.jsonl", b"{}\n"),
            ],
            &["license_plates.csv", "x.jsonl"],
            0,
        ),
        // Many shards in the order of their numbers.
        (
            &[("d10.jsonl", b"{}\n"), ("d9.jsonl", b"{}\n"), ("D/x.jsonl", b"{}\n")],
            &["x.jsonl", "d9.jsonl", "d10.jsonl"],
            0,
        ),
    ];
    for (files, expected, notes) in table {
        let sources = Folder::with(files).find();
        let names: Vec<String> = sources
            .shards
            .iter()
            .map(|shard| shard.path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(&names, expected);
        assert_eq!(sources.notes.len(), *notes, "{:?}", sources.notes);
        let ordinals: Vec<u32> = sources.shards.iter().map(|shard| shard.ordinal).collect();
        assert_eq!(ordinals, (0..expected.len() as u32).collect::<Vec<_>>());
    }
}

#[test]
fn single_records_of_a_folder_are_one_shard() {
    let files: Vec<(String, String)> = (0..100)
        .map(|number| (format!("annotations/{number:04}.json"), format!("{{\"image\":\"{number}.jpg\"}}")))
        .collect();
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, text)| (name.as_str(), text.as_bytes())).collect();
    let sources = Folder::with(&files).find();
    assert_eq!(sources.shards.len(), 1);
}

#[test]
fn an_archive_wins_over_the_table_of_the_same_name() {
    let folder = Folder::with(&[
        ("00000.tar", &tar_of(&[("1.txt", b"one")])),
        ("00000.parquet", &parquet_of(&sample_batch(), 3)),
        ("00000_stats.json", b"{\"count\": 1}"),
    ]);
    let sources = folder.find();
    assert_eq!(sources.shards.len(), 1);
    assert_eq!(sources.notes.len(), 1);
}

#[test]
fn a_folder_of_downloads_wins_over_the_table_of_the_same_name() {
    let folder = Folder::with(&[
        ("00000/1.jpg", b"x"),
        ("00000/1.json", b"{\"caption\": \"one\"}"),
        ("00000.parquet", &parquet_of(&sample_batch(), 3)),
    ]);
    let sources = folder.find();
    assert_eq!(sources.shards.len(), 1);
    assert_eq!(sources.shards[0].container, Container::Pictures { beside: Vec::new() });
}

#[cfg(unix)]
#[test]
fn folders_that_contain_themselves_are_walked_once() {
    let folder = Folder::with(&[("a/x.jsonl", b"{}\n")]);
    for name in ["one", "two", "three"] {
        std::os::unix::fs::symlink(folder.0.path(), folder.0.path().join("a").join(name)).unwrap();
    }
    assert_eq!(folder.find().shards.len(), 1);
}

/// Rates on this machine; run in release with `--ignored --nocapture`.
#[test]
#[ignore = "a measurement"]
fn speed() {
    let folder = Folder::new();
    let line = r#"{"id":NNN,"image":"train/000000NNN.jpg","caption":"a brown dog runs over a green field with a ball","score":0.5}"#;
    let lines: Vec<String> = (0..1_000_000).map(|number| line.replace("NNN", &number.to_string())).collect();
    folder.put("lines.jsonl", lines.join("\n").as_bytes());
    folder.put("array.json", format!("[{}]", lines.join(", ")).as_bytes());
    let csv: Vec<String> =
        (0..1_000_000).map(|number| format!("{number}.jpg,\"a brown dog runs, with a ball\"")).collect();
    folder.put("table.csv", format!("image,caption\n{}\n", csv.join("\n")).as_bytes());
    for shard in folder.find().shards {
        for (what, wanted) in [("all", None), ("none", Some(&[][..]))] {
            let start = std::time::Instant::now();
            let mut count = 0;
            let flow = read(&shard, 0, wanted, &mut |found| {
                count += u64::from(matches!(found, Found::Record(_)));
                ControlFlow::Continue(())
            });
            assert!(flow.is_continue());
            let seconds = start.elapsed().as_secs_f64();
            println!(
                "{} ({what}): {:.0} records/s, {:.0} MB/s",
                shard.container.name(),
                count as f64 / seconds,
                shard.bytes as f64 / seconds / 1e6
            );
        }
        let start = std::time::Instant::now();
        let flow = read(&shard, 999_999, None, &mut |_| ControlFlow::Continue(()));
        println!("{}: last row after {:?} {flow:?}", shard.container.name(), start.elapsed());
    }
    let folder = Folder::new();
    for number in 0..10_000 {
        folder.put(&format!("{number:05}.jsonl"), b"{\"a\":1}\n");
        folder.put(&format!("records/{number:05}.json"), b"{\"image\":\"a.jpg\"}");
        folder.put(&format!("lists/{number:05}.json"), b"[{\"image\":\"a.jpg\"}]");
    }
    let start = std::time::Instant::now();
    let shards = folder.find().shards.len();
    println!("find: {shards} shards of 30000 files in {:?}", start.elapsed());
}

#[test]
fn what_is_no_data_set_gets_one_sentence() {
    let folder =
        Folder::with(&[("a.bin", b"\0\0"), ("b.txt", b"Dear all,\nhello.\n"), ("c.json", b"{\"a\": 1}")]);
    let path = folder.0.path().to_path_buf();
    let prefix = path.display().to_string();
    let told = |path: &Path| find(&[path.to_path_buf()]).unwrap_err().to_string().replace(&prefix, "DIR");
    assert_eq!(
        told(&path),
        "DIR is a folder with 3 files, none of which is a data set (a.bin: it is of no known kind; \
         b.txt: it is text, but no table; c.json: it is one JSON object that holds no table and names no picture)"
    );
    assert_eq!(told(&path.join("b.txt")), "DIR/b.txt is no data set: it is text, but no table");
    assert_eq!(told(&path.join("none")), "DIR/none does not exist");
    assert_eq!(told(&path.join("*.tar")), "DIR/*.tar: no file matches");
    assert_eq!(told(Folder::new().0.path()).split(" is a ").last(), Some("folder with no files"));
}

fn every_container() -> Vec<Container> {
    let dialect = super::sniff_table(b"a,b\n1,2\n", true, "csv").unwrap();
    vec![
        Container::JsonLines,
        Container::JsonArray,
        Container::JsonTables,
        Container::JsonDict,
        Container::JsonColumns,
        Container::Csv(dialect),
        Container::Parquet,
        Container::Arrow,
        Container::Tar,
        Container::Pictures { beside: Vec::new() },
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn any_bytes_as_any_container_are_survived(
        bytes in prop::collection::vec(any::<u8>(), 0..600),
        start in prop::sample::select(vec![
            &b""[..], b"PAR1", b"ARROW1\0\0", b"\xff\xff\xff\xff", b"[{\"a\":", b"{\"a\":[", b"{\"a\":{\"0\":", b"\x1f\x8b\x08",
        ]),
    ) {
        let folder = Folder::new();
        let path = folder.put("x", &[start, bytes.as_slice()].concat());
        let _ = find(std::slice::from_ref(&path));
        for container in every_container() {
            for compression in [Compression::Plain, Compression::Gzip, Compression::Zstd] {
                let shard = Shard { path: path.clone(), container: container.clone(), compression, bytes: 0, modified: 0, ordinal: 0 };
                read_all(&shard, 0, None);
                read_all(&shard, 2, Some(&["a".to_owned()]));
            }
        }
    }

    #[test]
    fn damaged_tables_are_survived(at in 0.0..1.0_f64, value: u8, cut: bool, parquet: bool) {
        let mut bytes = if parquet { parquet_of(&sample_batch(), 2) } else {
            let mut bytes = Vec::new();
            let mut writer = arrow_ipc::writer::StreamWriter::try_new(&mut bytes, &sample_batch().schema()).unwrap();
            writer.write(&sample_batch()).unwrap();
            drop(writer);
            bytes
        };
        let place = (at * bytes.len() as f64) as usize;
        if cut { bytes.truncate(place); } else { bytes[place] ^= value; }
        let folder = Folder::new();
        let path = folder.put("x", &bytes);
        let container = if parquet { Container::Parquet } else { Container::Arrow };
        let shard = Shard { path, container, compression: Compression::Plain, bytes: 0, modified: 0, ordinal: 0 };
        let (records, _) = read_all(&shard, 0, None);
        for record in records {
            let mut found = Vec::new();
            blobs(&record.cell, &mut found);
            for one in found {
                let _ = read_blob(&one, 1000);
            }
        }
    }
}

/// The shards of a real sample, with the records of each.
fn real(name: &str) -> Option<Vec<(Shard, Vec<Record>)>> {
    let sources = find(&[crate::testing::shared(name)?]).unwrap();
    let read = sources.shards.into_iter().map(|shard| {
        let (records, skipped) = read_all(&shard, 0, None);
        assert_eq!(skipped, [], "{}", shard.path.display());
        (shard, records)
    });
    Some(read.collect())
}

#[test]
fn real_samples_are_read_whole() {
    let table: &[(&str, &[(&str, usize)])] = &[
        ("caps_boxes", &[("JSON Lines", 80)]),
        ("cauldron_style_parquet", &[("Parquet", 16)]),
        ("coco_val2017_captions", &[("JSON object of tables", 5_000 + 25_014 + 8)]),
        ("dsg", &[("CSV", 920)]),
        ("hf_imagefolder_jsonl", &[("JSON Lines", 12)]),
        ("iiw_IIW-400", &[("JSON Lines", 400)]),
        ("img2dataset_webdataset", &[("WebDataset tar", 40), ("WebDataset tar", 36)]),
        ("nlvr2", &[("JSON Lines", 2300)]),
        ("nlvr1", &[("JSON Lines", 100)]),
        ("tifa/tifa_v1.0", &[("JSON array", 4081)]),
        ("schema_fixtures/gqa", &[("JSON object keyed by id", 1), ("JSON object keyed by id", 1)]),
        ("schema_fixtures/clevr", &[("JSON object of tables", 1)]),
        ("schema_fixtures/comprecap", &[("JSON array", 1)]),
        ("schema_fixtures/dci", &[("JSON records, one a file", 1)]),
        ("schema_fixtures/visual_genome", &[("JSON array", 1); 6]),
        (
            "wds_images_only",
            &[("WebDataset tar", 4), ("WebDataset tar", 3), ("WebDataset tar", 2), ("WebDataset tar", 2)],
        ),
    ];
    for (name, expected) in table {
        let Some(found) = real(name) else { return };
        let found: Vec<(&str, usize)> =
            found.iter().map(|(shard, records)| (shard.container.name(), records.len())).collect();
        assert_eq!(&found, expected, "{name}");
    }
}

#[test]
fn all_real_samples_open_and_their_pictures_can_be_read() {
    for name in [
        "coco_json",
        "factual_sg",
        "hf_pairs_parquet",
        "hf_parquet",
        "kohya_sidecars",
        "quickwit",
        "sugar_crepe",
        "tifa/sample",
        "vsr",
        "schema_fixtures/vqa_v2",
        "img2dataset_webdataset",
        "cauldron_style_parquet",
    ] {
        let Some(found) = real(name) else { return };
        for (shard, records) in &found {
            println!("{name}: {} {} {}", shard.path.display(), shard.container.name(), records.len());
            assert!(!records.is_empty());
            let mut addresses = Vec::new();
            records.iter().take(60).for_each(|record| blobs(&record.cell, &mut addresses));
            for address in addresses {
                let bytes = read_blob(&address, 1 << 26).unwrap();
                assert!(bytes.starts_with(b"\xff\xd8") || bytes.starts_with(b"\x89PNG"), "{address:?}");
            }
        }
        assert_eq!(
            found.iter().any(|(shard, _)| shard.container == Container::Pictures { beside: Vec::new() }),
            name == "kohya_sidecars"
        );
    }
}
