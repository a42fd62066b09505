//! The program itself, run in a folder of its own that goes away with the test.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// An empty folder to run the program in.
pub struct Home(TempDir);

/// What one run of the program said, and how it ended.
#[derive(Debug)]
pub struct Said {
    /// Exit code; none when a signal ended it.
    pub code: Option<i32>,
    pub out: String,
    pub err: String,
    pub took: Duration,
}

impl Home {
    pub fn new() -> Self {
        Self(tempfile::tempdir().expect("the folder for temporary files can be written"))
    }

    /// With some files, paths relative to the folder.
    pub fn with(files: &[(&str, &str)]) -> Self {
        let home = Self::new();
        for (path, text) in files {
            home.write(path, text);
        }
        home
    }

    pub fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    pub fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        let folder = path.parent().expect("a file lies in a folder");
        fs::create_dir_all(folder).expect("the folder is ours");
        fs::write(path, content).expect("the folder is ours");
    }

    pub fn read(&self, path: &str) -> String {
        String::from_utf8(self.bytes(path)).unwrap_or_else(|_| panic!("{path} is no text"))
    }

    pub fn bytes(&self, path: &str) -> Vec<u8> {
        fs::read(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub fn json(&self, path: &str) -> serde_json::Value {
        let text = self.read(path);
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    /// Paths of all files below a folder, relative to it, sorted; empty folders end with `/`.
    pub fn files(&self, below: &str) -> Vec<String> {
        let root = self.path(below);
        let mut found = Vec::new();
        collect(&root, &root, &mut found);
        found.sort();
        found
    }

    /// Paths and contents of all files below a folder but the wall times, which no two runs share.
    pub fn contents(&self, below: &str) -> Vec<(String, Vec<u8>)> {
        let files = self.files(below).into_iter();
        let files = files.filter(|path| !path.ends_with("timing.json") && !path.ends_with('/'));
        files
            .map(|path| (path.clone(), self.bytes(&format!("{below}/{path}"))))
            .collect()
    }

    /// The program, ready to start in this folder.
    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_insilin"));
        command
            .args(arguments)
            .current_dir(self.0.path())
            .env("COLUMNS", "100")
            .env_remove("NO_COLOR")
            .stdin(Stdio::null());
        command
    }

    /// Runs the program.
    pub fn run(&self, arguments: &[&str]) -> Said {
        finish(&mut self.command(arguments))
    }

    /// Runs a line of arguments parted by spaces, quotes as in a shell, and expects an exit code.
    pub fn expect(&self, code: i32, line: &str) -> Said {
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let said = self.run(&words);
        let Said { out, err, .. } = &said;
        assert_eq!(said.code, Some(code), "insilin {line}\n{out}\n{err}");
        said
    }

    /// A text of the program without what differs from one machine, moment or version to the next.
    pub fn filtered(&self, text: &str) -> String {
        let here = self.0.path().display().to_string();
        let version = format!("insilin {}", env!("CARGO_PKG_VERSION"));
        let text = text
            .replace(&here, "HERE")
            .replace(&version, "insilin VERSION");
        let before = [" ms;", " steps", " rejected"];
        before
            .iter()
            .fold(text, |text, word| unnumbered(&text, word))
    }
}

/// A text with `#` for every whole number before a word: how long it took, how many steps.
fn unnumbered(text: &str, word: &str) -> String {
    let mut parts = text.split(word);
    let mut filtered = parts.next().unwrap_or_default().to_string();
    for part in parts {
        let head = filtered.trim_end_matches(|c: char| c.is_ascii_digit());
        let number = if head.len() < filtered.len() { "#" } else { "" };
        filtered = format!("{head}{number}{word}{part}");
    }
    filtered
}

/// Runs a command to its end.
pub fn finish(command: &mut Command) -> Said {
    let start = Instant::now();
    let output = command.output().expect("the program starts");
    Said {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).expect("standard output is text"),
        err: String::from_utf8(output.stderr).expect("standard error is text"),
        took: start.elapsed(),
    }
}

/// Words as a shell parts them: by spaces outside of double quotes.
pub fn words(line: &str) -> Vec<String> {
    let (mut words, mut quoted) = (vec![], false);
    let mut word: Option<String> = None;
    for c in line.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                word.get_or_insert_default();
            }
            ' ' if !quoted => words.extend(word.take()),
            c => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

fn collect(root: &Path, folder: &Path, found: &mut Vec<String>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("a folder of ours can be listed").path())
        .collect();
    if paths.is_empty() && folder != root {
        found.push(format!("{}/", relative(root, folder)));
    }
    for path in paths {
        if path.is_dir() {
            collect(root, &path, found);
        } else {
            found.push(relative(root, &path));
        }
    }
}

fn relative(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).expect("it lies below the root");
    path.to_string_lossy().replace('\\', "/")
}

/// A model of one substance that goes away by itself: 8 mM times exp(-0.1 t), t in minutes.
pub const DECAY: &str = r#"// One substance that goes away by itself.
model decay()
  unit time_unit = 60 second;        unit volume = litre;
  unit substance = 1e-3 mole;        unit extent = 1e-3 mole;
  unit mM = 1e-3 mole / litre;       unit per_min = 1 / (60 second);
  compartment cell = 1;
  species A in cell = 8;             A is "substance A";
  var input = 0;                     input has mM;
  k = 0.1;                           k has per_min;
  loss: A -> ; cell * k * A;
end
"#;

/// The decay, with 4 mmol more after 20 min.
pub const DECAY_SCENARIO: &str = r#"# What is left of a substance after a while?
schema = 1
name = "decay"
title = "A substance that goes away"
model = "decay.ant"
time = { unit = "min", span = [0, 40], every = 1 }
protocol = [
  { bolus = "A", amount = "4 mmol", time = 20 },
]

[observe]
A = ["initial", "at 10 min", "at 40 min"]

[[expect]]
metric = "A.at 10 min"
within = ["2.94 mM", "2.95 mM"]
source = "8 mM times exp(-1) is 2.943 mM"
"#;

/// The decay at three rates.
pub const FAMILY_SCENARIO: &str = r#"# How does what is left depend on the rate of loss?
schema = 1
name = "family"
title = "What is left at several rates of loss"
model = "decay.ant"
time = { unit = "min", span = [0, 10], every = 5 }

[vary]
of = "k"
values = ["0.1 1/min", "0.2 1/min", "0.4 1/min"]

[observe]
A = ["at 10 min"]

[[figure]]
name = "left"
title = "What is left"
panels = [["A.at 10 min"]]
against = "varied"
"#;

/// A folder with the decay and its scenarios.
pub fn decay() -> Home {
    Home::with(&[
        ("decay.ant", DECAY),
        ("decay.toml", DECAY_SCENARIO),
        ("family.toml", FAMILY_SCENARIO),
    ])
}
