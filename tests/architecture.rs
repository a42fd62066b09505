//! The rooms of `src/` import only what ARCHITECTURE.md's table allows, and other rules a compiler does not check.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

/// Open to every room but `solve`, which takes `math` alone.
const OPEN: [&str; 3] = ["diag", "units", "math"];

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The rows of the import table in ARCHITECTURE.md: room → rooms it may import.
fn table() -> BTreeMap<String, Vec<String>> {
    let text = fs::read_to_string(root().join("ARCHITECTURE.md"))
        .expect("ARCHITECTURE.md stands at the top");
    let rows = text.lines().filter(|line| line.starts_with("| `"));
    let mut table = BTreeMap::new();
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        let Some(room) = cells[0]
            .strip_prefix('`')
            .and_then(|cell| cell.strip_suffix("/`"))
        else {
            continue;
        };
        let may: Vec<String> = cells[2]
            .split_whitespace()
            .filter(|word| *word != "–")
            .map(str::to_string)
            .collect();
        table.insert(room.to_string(), may);
    }
    table
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).expect("a readable folder") {
        let path = entry.expect("a readable entry").path();
        if path.is_dir() {
            files.extend(rust_files(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
    files.sort();
    files
}

/// The room a file belongs to; none for `lib.rs` and `main.rs`.
fn room_of(path: &Path) -> Option<String> {
    let below = path
        .strip_prefix(root().join("src"))
        .expect("a file below src");
    let first = below.components().next()?.as_os_str().to_str()?.to_string();
    (!first.ends_with(".rs")).then_some(first)
}

/// Text without comments, without the lines of `#[cfg(test)]` modules that end the file.
fn code_of(path: &Path) -> String {
    let text = fs::read_to_string(path).expect("a readable file");
    let code = text
        .split("#[cfg(test)]\nmod ")
        .next()
        .unwrap_or_default()
        .to_string();
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
}

/// Rooms named behind `crate::` in a text.
fn imported_rooms(code: &str) -> Vec<String> {
    let mut rooms = Vec::new();
    for part in code.split("crate::").skip(1) {
        let names = if let Some(group) = part.strip_prefix('{') {
            group
                .split('}')
                .next()
                .unwrap_or_default()
                .split(',')
                .map(str::trim)
                .collect()
        } else {
            vec![part]
        };
        for name in names {
            let room: String = name
                .chars()
                .take_while(|c| c.is_alphanumeric() || *c == '_')
                .collect();
            if !room.is_empty() {
                rooms.push(room);
            }
        }
    }
    rooms
}

#[test]
fn every_room_imports_only_what_the_table_allows() {
    let table = table();
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let Some(room) = room_of(&file) else { continue };
        let Some(may) = table.get(&room) else {
            wrong.push(format!("room `{room}` has no row in ARCHITECTURE.md"));
            continue;
        };
        let everything = may.iter().any(|word| word == "all");
        for imported in imported_rooms(&code_of(&file)) {
            let open = OPEN.contains(&imported.as_str()) && (room != "solve" || imported == "math");
            if imported != room && !open && !everything && !may.contains(&imported) {
                wrong.push(format!("{}: `{room}` imports `{imported}`", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_row_of_the_table_is_a_room_that_exists() {
    let missing: Vec<String> = table()
        .into_keys()
        .filter(|room| !root().join("src").join(room).is_dir())
        .collect();
    assert!(missing.is_empty(), "rows without a room: {missing:?}");
}

#[test]
fn only_the_rooms_at_the_edge_touch_files_clocks_threads_and_the_terminal() {
    let edge = ["cli", "store", "serve", "ensemble"];
    let forbidden = [
        "std::fs",
        "std::time",
        "std::thread",
        "std::env",
        "println!",
        "eprintln!",
        "std::process",
    ];
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        if room_of(&file).is_some_and(|room| edge.contains(&room.as_str()))
            || room_of(&file).is_none()
        {
            continue;
        }
        let code = code_of(&file);
        for word in forbidden {
            if code.contains(word) {
                wrong.push(format!("{}: {word}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_outside_crate_has_one_home() {
    // Crate → rooms that may name it.
    let homes: [(&str, &[&str]); 26] = [
        ("clap", &["cli"]),
        ("clap_complete", &["cli"]),
        ("clap_mangen", &["cli"]),
        ("ctrlc", &["cli"]),
        ("indicatif", &["cli"]),
        ("include_dir", &["cli"]),
        ("serde", &["scenario", "store", "cli", "clinic"]),
        ("serde_json", &["store", "cli"]),
        ("toml", &["scenario", "store", "clinic"]),
        ("schemars", &["scenario"]),
        ("sha2", &["store"]),
        ("apache_parquet", &["store"]),
        ("bytes", &["store"]),
        ("codespan_reporting", &["diag"]),
        ("strsim", &["diag"]),
        ("ode_solvers", &["solve"]),
        ("nalgebra", &["solve", "fit"]),
        ("levenberg_marquardt", &["fit"]),
        ("plotters", &["render"]),
        ("dejavu", &["render"]),
        ("png", &["render"]),
        ("rayon", &["ensemble"]),
        ("sobol", &["ensemble"]),
        ("memmap2", &["kernel"]),
        ("quick_xml", &["syntax", "export"]),
        (
            "ndarray",
            &["trajectory", "ensemble", "observe", "simulate"],
        ),
    ];
    let mut wrong = Vec::new();
    for file in rust_files(&root().join("src")) {
        let Some(room) = room_of(&file) else { continue };
        let code = code_of(&file);
        for (name, rooms) in homes {
            let named = [
                format!("use {name}::"),
                format!(" {name}::"),
                format!("({name}::"),
                format!("<{name}::"),
            ];
            if named.iter().any(|n| code.contains(n.as_str())) && !rooms.contains(&room.as_str()) {
                wrong.push(format!("{}: `{name}` belongs to {rooms:?}", file.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn unsafe_code_is_in_kernel_alone() {
    for file in rust_files(&root().join("src")) {
        let code = code_of(&file);
        let used = code.contains("unsafe {") || code.contains("unsafe fn");
        assert!(
            !used || room_of(&file).as_deref() == Some("kernel"),
            "{} is unsafe",
            file.display()
        );
    }
}

#[test]
fn no_model_equation_lives_in_the_source() {
    // Names that only models and scenarios may know.
    let names = ["GLUT4_pm", "G_plasma", "Q_sto", "IRS1"];
    for file in rust_files(&root().join("src")) {
        let code = code_of(&file);
        for name in names {
            assert!(!code.contains(name), "{} knows `{name}`", file.display());
        }
    }
}

#[test]
fn main_is_thin_and_the_library_root_is_a_table_of_contents() {
    let main = fs::read_to_string(root().join("src/main.rs")).expect("src/main.rs");
    assert!(main.lines().count() < 60, "main.rs stays under 60 lines");
    let lib = code_of(&root().join("src/lib.rs"));
    assert!(!lib.contains("fn "), "lib.rs holds no logic");
}
