#!/bin/sh
# Do the libraries that people train with read what an export has written, with equal text and equal pixels?
#
#   tests/export_python.sh [FOLDER]
#
# Makes a Python environment in FOLDER (a new one in $TMPDIR) with the versions below, draws the demo set with the
# binary named by CAPSCOPE (target/release/capscope), exports it in every form, and reads each with `datasets`,
# `webdataset`, `pandas` and Pillow. Needs a package index; it is no part of `cargo test`.
set -eu
folder=${1:-$(mktemp -d "${TMPDIR:-/tmp}/capscope-python.XXXXXX")}
program=${CAPSCOPE:-target/release/capscope}
mkdir -p "$folder"
if [ ! -x "$folder/venv/bin/python" ]; then
    python3 -m venv "$folder/venv"
    "$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
        datasets==5.2.0 webdataset==1.0.2 pandas==3.1.1 pyarrow==26.0.1 pillow==13.0.0 zstandard==0.25.0
fi
export XDG_CACHE_HOME="$folder/cache" XDG_DATA_HOME="$folder/user"
export HF_HOME="$folder/hf" HF_HUB_OFFLINE=1 HF_DATASETS_DISABLE_PROGRESS_BARS=1
rm -rf "$folder/out" "$folder/hf"
mkdir "$folder/out"
data="$folder/demo"
[ -d "$data" ] || "$program" demo --no-open --folder "$data" >/dev/null
make() { "$program" export "$data" --quiet --to "$folder/out/$1" $2 2>>"$folder/out.log"; }
for ending in jsonl jsonl.gz csv csv.zst tsv parquet tar; do make "set.$ending" ""; done
make talk.json "--format llava"
for form in webdataset imagefolder llava kohya jsonl parquet; do make "$form" "--format $form"; done
make shards "--format webdataset --shard-size 100"
make pairs.parquet "--pairs all"
make pairs "--pairs all --format imagefolder"
"$folder/venv/bin/python" - "$data" "$folder/out" <<'PYTHON'
import glob, io, json, os, sys

import datasets, pandas, PIL.Image, pyarrow, pyarrow.parquet, webdataset

data, out = sys.argv[1], sys.argv[2]
for library in (datasets, webdataset, pandas, pyarrow):
    print(library.__name__, library.__version__)
print("pillow", PIL.__version__, "python", sys.version.split()[0])

truth = {}
for line in open(os.path.join(data, "metadata.jsonl"), encoding="utf-8"):
    record = json.loads(line)
    truth[record["id"]] = record
caption = {id: record["captions"][0] for id, record in truth.items()}
original = {id: record["alt_text"] for id, record in truth.items()}
pixels = {}
for id, record in truth.items():
    with PIL.Image.open(os.path.join(data, record["file_name"])) as picture:
        pixels[id] = picture.convert("RGB").tobytes()


def same(id, picture):
    assert picture.convert("RGB").tobytes() == pixels[id], f"pixels of {id}"


def texts(rows, what):
    found = {row["id"]: row for row in rows}
    assert found.keys() == truth.keys(), what
    for id, row in found.items():
        assert row["caption"] == caption[id], (what, id)
        captions = row["captions"]
        captions = json.loads(captions) if isinstance(captions, str) else captions
        kept = [entry["text"] for entry in captions if entry["role"] == "caption"]
        assert kept == truth[id]["captions"], (what, id)
        told = [entry["text"] for entry in captions if entry["role"] == "original"]
        assert told == [original[id]], (what, id)
    print(f"{what}: {len(found)} samples")


def load(kind, files, **more):
    return datasets.load_dataset(kind, data_files=files, split="train", **more)


at = lambda name: os.path.join(out, name)
for name in ("set.parquet", "parquet/parquet.parquet"):
    rows = load("parquet", at(name))
    assert isinstance(rows.features["image"], datasets.Image), rows.features
    texts(rows, f"datasets {name}")
    for row in rows:
        same(row["id"], row["image"])
        assert row["more_images"] == []
rows = datasets.load_dataset("imagefolder", data_dir=at("imagefolder"), split="train")
texts(rows, "datasets imagefolder")
for row in rows:
    same(row["id"], row["image"])
for name in ("set.jsonl", "set.jsonl.gz", "jsonl/jsonl.jsonl"):
    rows = load("json", at(name))
    texts(rows, f"datasets {name}")
    for row in rows:
        path = row["images"][0]["file"]
        same(row["id"], PIL.Image.open(os.path.join(os.path.dirname(at(name)), path)))
texts(load("csv", at("set.csv")), "datasets set.csv")
texts(load("csv", at("set.tsv"), sep="\t"), "datasets set.tsv")
for name, count in (("webdataset", 1), ("shards", -(-len(truth) // 100))):
    files = sorted(glob.glob(at(f"{name}/*.tar")))
    assert len(files) == count, files
    rows = load("webdataset", files)
    assert len(rows) == len(truth)
    for row in rows:
        same(row["json"]["id"], row["png"])
    # Their own reader, which takes what is before the first dot for the key.
    rows = list(webdataset.WebDataset(files, shardshuffle=False).decode("pil"))
    texts([row["json"] for row in rows], f"webdataset {name}, {count} archives")
    for row in rows:
        same(row["json"]["id"], row["png"])
        assert row["__key__"] == row["json"]["id"]
        assert row["txt"] == caption[row["json"]["id"]]
rows = list(webdataset.WebDataset(at("set.tar"), shardshuffle=False).decode("pil"))
texts([row["json"] for row in rows], "webdataset set.tar")
for row in rows:
    same(row["json"]["id"], row["png"])

frame = pandas.read_parquet(at("set.parquet"))
texts(frame.to_dict("records"), "pandas.read_parquet")
for id, picture in zip(frame["id"], frame["image"]):
    same(id, PIL.Image.open(io.BytesIO(picture["bytes"])))
texts(pandas.read_csv(at("set.csv")).to_dict("records"), "pandas.read_csv")
texts(pandas.read_csv(at("set.csv.zst")).to_dict("records"), "pandas.read_csv .zst")
texts(pandas.read_csv(at("set.tsv"), sep="\t").to_dict("records"), "pandas.read_csv .tsv")
texts(pandas.read_json(at("set.jsonl"), lines=True).to_dict("records"), "pandas.read_json")
account = json.loads(pyarrow.parquet.read_metadata(at("set.parquet")).metadata[b"capscope"])
assert account["counts"]["samples"] == len(truth), account

for name, folder in (("talk.json", None), ("llava/llava.json", "llava")):
    talks = json.load(open(at(name), encoding="utf-8"))
    assert len(talks) == len(truth)
    for talk in talks:
        turns = talk["conversations"]
        assert turns[0]["value"].startswith("<image>\n") and turns[0]["from"] == "human"
        assert sum(turn["value"].count("<image>") for turn in turns) == 1
        assert turns[1] == {"from": "gpt", "value": caption[talk["id"]]}
        path = talk["image"] if folder is None else os.path.join(at(folder), talk["image"])
        same(talk["id"], PIL.Image.open(path))
    texts_of = load("json", at(name))
    assert len(texts_of) == len(truth)
    print(f"{name}: {len(talks)} conversations")
for id in truth:
    same(id, PIL.Image.open(at(f"kohya/{id}.png")))
    lines = open(at(f"kohya/{id}.txt"), encoding="utf-8").read().split("\n")
    assert lines == [" ".join(text.split()) for text in truth[id]["captions"]], id
print(f"kohya: {len(truth)} pictures with their texts")

rows = load("parquet", at("pairs.parquet"))
for row in rows:
    meta = json.loads(row["meta"])
    same(meta["left_id"], row["image"])
    same(meta["right_id"], row["more_images"][0])
    sides = {entry["field"] for entry in row["captions"]}
    assert sides == {"left.caption", "right.caption"}, sides
folder = datasets.load_dataset("imagefolder", data_dir=at("pairs"), split="train")
assert len(folder) == len(rows)
for row in folder:
    same(row["meta"]["left_id"], row["image"])
print(f"pairs: {len(rows)}, columns {folder.column_names}")
print("all equal")
PYTHON
