//! Where models, scenarios and data come from: beside the file that asks, a given folder, then what is built in.

use std::cell::RefCell;
use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};

use include_dir::{Dir, include_dir};
use insilin::diag::{ReadFailure, SourceFile, Sources};

use super::terminal::{Exit, Terminal};

/// Everything shipped.
static BUILT_IN: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/models");

/// How the names of built-in files begin.
pub const BUILT_IN_PREFIX: &str = "insilin:";

/// Larger files are refused: no model or scenario written by people comes near.
const LIMIT: u64 = 50_000_000;

/// Finds files by the names that scenarios and models use.
#[derive(Debug)]
pub struct Library {
    /// `--models`.
    pub models: Option<PathBuf>,
    /// Everything read so far, in order: what a repeated run needs.
    read: RefCell<Vec<SourceFile>>,
}

impl Library {
    /// A library with an optional folder of models.
    ///
    /// # Errors
    /// Exit code 4 when there is no such folder; that has been said.
    pub fn new(models: Option<&Path>, terminal: Terminal) -> Result<Self, Exit> {
        if let Some(missing) = models.filter(|models| !models.is_dir()) {
            let message = format!("`--models {}` names no folder", missing.display());
            terminal.failure("cli/not-readable", &message, "check the path");
            return Err(Exit::Files);
        }
        Ok(Self {
            models: models.map(Path::to_path_buf),
            read: RefCell::default(),
        })
    }

    /// A library whose folder of models was looked at before.
    pub fn again(models: Option<&Path>) -> Self {
        Self {
            models: models.map(Path::to_path_buf),
            read: RefCell::default(),
        }
    }

    /// What was read so far, each file once.
    pub fn files_read(&self) -> Vec<SourceFile> {
        self.read.borrow().clone()
    }

    /// The text of a scenario given as a path, or by the bare name of a shipped one.
    ///
    /// # Errors
    /// As [`Sources::read`].
    pub fn scenario(&self, name: &str) -> Result<SourceFile, ReadFailure> {
        let path = Path::new(name);
        if path.exists() {
            return self.remember(read_file(path)?);
        }
        let short = format!(
            "scenarios/{}.toml",
            name.strip_suffix(".toml").unwrap_or(name)
        );
        let mut looked_in = vec![path.display().to_string()];
        if let Some(folder) = &self.models {
            let beside = folder.join(&short);
            if beside.exists() {
                return self.remember(read_file(&beside)?);
            }
            looked_in.push(beside.display().to_string());
        }
        match built_in(&short).or_else(|| built_in(name.strip_prefix("models/")?)) {
            Some(file) => self.remember(file),
            None => {
                looked_in.push("the built-in scenarios".to_string());
                Err(ReadFailure::NotFound { looked_in })
            }
        }
    }

    fn remember(&self, file: SourceFile) -> Result<SourceFile, ReadFailure> {
        let mut read = self.read.borrow_mut();
        if !read.iter().any(|known| known.name == file.name) {
            read.push(file.clone());
        }
        Ok(file)
    }

    /// Places where `name` may lie when `importer` asks for it, best first.
    fn candidates(&self, name: &str, importer: Option<&str>) -> Vec<PathBuf> {
        let mut places = Vec::new();
        // A text made on the spot has no folder of its own.
        let importer = importer.filter(|importer| !importer.starts_with('<'));
        if let Some(importer) = importer.filter(|importer| !importer.starts_with(BUILT_IN_PREFIX)) {
            let folder = Path::new(importer).parent().unwrap_or(Path::new(""));
            places.push(folder.join(name));
            // `model = "published/x.ant"` is written as seen from the `models` folder that holds the scenario.
            let above = folder
                .ancestors()
                .find(|folder| folder.file_name().is_some_and(|n| n == "models"));
            places.extend(above.map(|models| models.join(name)));
        }
        places.extend(self.models.iter().map(|models| models.join(name)));
        if importer.is_none() {
            places.push(PathBuf::from(name));
        }
        places
    }
}

impl Sources for Library {
    fn read(&self, name: &str, importer: Option<&str>) -> Result<SourceFile, ReadFailure> {
        if let Some(file) = name.strip_prefix(BUILT_IN_PREFIX).and_then(built_in) {
            return self.remember(file);
        }
        let mut looked_in = Vec::new();
        for place in self.candidates(name, importer) {
            if place.is_file() {
                return self.remember(read_file(&place)?);
            }
            looked_in.push(place.display().to_string());
        }
        let inside = importer.and_then(|importer| importer.strip_prefix(BUILT_IN_PREFIX));
        let beside = inside.map(|importer| {
            clean(
                &Path::new(importer)
                    .parent()
                    .unwrap_or(Path::new(""))
                    .join(name),
            )
        });
        let found = beside
            .and_then(|path| built_in(&path))
            .or_else(|| built_in(&clean(Path::new(name))));
        match found {
            Some(file) => self.remember(file),
            None => {
                looked_in.push("the built-in models".to_string());
                Err(ReadFailure::NotFound { looked_in })
            }
        }
    }
}

/// A shipped file by its path below `models/`.
pub fn built_in(path: &str) -> Option<SourceFile> {
    let text = BUILT_IN.get_file(path)?.contents_utf8()?;
    Some(SourceFile {
        name: format!("{BUILT_IN_PREFIX}{path}"),
        text: text.to_string(),
    })
}

/// Paths below `models/` of all shipped files with an ending, sorted.
pub fn built_in_paths(ending: &str) -> Vec<String> {
    fn collect(folder: &Dir<'_>, ending: &str, paths: &mut Vec<String>) {
        for file in folder.files() {
            let path = file.path().to_string_lossy().replace('\\', "/");
            if path.ends_with(ending) {
                paths.push(path);
            }
        }
        for below in folder.dirs() {
            collect(below, ending, paths);
        }
    }
    let mut paths = Vec::new();
    collect(&BUILT_IN, ending, &mut paths);
    paths.sort();
    paths
}

/// The name by which a shipped scenario is run; none for other files.
pub fn bare(path: &str) -> Option<String> {
    let name = path.strip_prefix("scenarios/")?.strip_suffix(".toml")?;
    Some(name.to_string())
}

/// A path with `.` and `..` worked out, `/` between its parts.
fn clean(path: &Path) -> String {
    let mut parts: Vec<String> = Vec::new();
    for part in path.components() {
        match part {
            std::path::Component::Normal(name) => parts.push(name.to_string_lossy().into_owned()),
            std::path::Component::ParentDir => {
                parts.pop();
            }
            _ => {}
        }
    }
    parts.join("/")
}

/// Reads a text file.
///
/// # Errors
/// Why it is no text or cannot be read.
pub fn read_file(path: &Path) -> Result<SourceFile, ReadFailure> {
    let io = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::NotFound => ReadFailure::NotFound {
            looked_in: vec![path.display().to_string()],
        },
        _ => ReadFailure::Io(error.to_string()),
    };
    if path.is_dir() {
        return Err(ReadFailure::Io("it is a folder".to_string()));
    }
    let file = fs::File::open(path).map_err(io)?;
    let bytes = file.metadata().map_or(0, |data| data.len());
    if bytes > LIMIT {
        return Err(ReadFailure::TooLarge {
            bytes,
            limit: LIMIT,
        });
    }
    let mut content = Vec::new();
    // Pipes have no length: read one byte more than allowed to see whether they go on.
    file.take(LIMIT + 1).read_to_end(&mut content).map_err(io)?;
    if content.len() as u64 > LIMIT {
        return Err(ReadFailure::TooLarge {
            bytes: content.len() as u64,
            limit: LIMIT,
        });
    }
    let text = String::from_utf8(content).map_err(|_| ReadFailure::NotText)?;
    if text.contains('\0') {
        return Err(ReadFailure::NotText);
    }
    Ok(SourceFile {
        name: path.display().to_string(),
        text,
    })
}
