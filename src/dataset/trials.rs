//! Trials of detection: real sets and invented ones, opened as a user would.

use super::*;

fn shared() -> Option<std::path::PathBuf> {
    let folder = std::env::var_os("CAPSCOPE_SHARED").map_or_else(
        || std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        std::path::PathBuf::from,
    );
    let data = folder.join("data");
    data.is_dir().then_some(data)
}

#[test]
fn look_around() {
    let data = shared().unwrap();
    let only = std::env::var("ONLY").unwrap_or_default();
    let mut folders: Vec<_> = std::fs::read_dir(&data).unwrap().filter_map(Result::ok).map(|e| e.path()).filter(|p| p.is_dir()).collect();
    folders.extend(std::fs::read_dir(data.join("schema_fixtures")).unwrap().filter_map(Result::ok).map(|e| e.path()).filter(|p| p.is_dir()));
    folders.extend([data.join("tifa/sample")]);
    folders.sort();
    for folder in folders.iter().filter(|f| f.to_string_lossy().contains(&only)) {
        let start = std::time::Instant::now();
        println!("=================== {}", folder.display());
        match open(&[folder.clone()], &Settings::default()) {
            Ok(set) => {
                println!("opened in {:?} joined {}", start.elapsed(), set.is_joined());
                println!("{}", set.explain());
                let start = std::time::Instant::now();
                let head = set.head(2, std::time::Instant::now() + std::time::Duration::from_millis(1500));
                println!("head in {:?}", start.elapsed());
                for s in head {
                    let mut t = format!("{s:#?}");
                    t.truncate(t.char_indices().nth(3500).map_or(t.len(), |x| x.0));
                    println!("{}", t.lines().filter(|l| !matches!(l.trim(), "]," | "}," | ")," | "None,")).map(str::trim).collect::<Vec<_>>().join(" "));
                }
            }
            Err(e) => println!("ERR {e}"),
        }
    }
}
