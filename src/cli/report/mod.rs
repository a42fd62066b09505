//! `insilin report`: a run or a comparison as one page.

mod comparison;
mod model;
mod repeat;
mod single;

use std::path::{Path, PathBuf};

use insilin::render::{Figure, to_svg};
use insilin::report::{Block, Picture, html, words};
use insilin::store::write_file;
use serde_json::Value;

use super::args::Report;
use super::compare::{self, COMPARISON};
use super::comparison::Comparison;
use super::record::MANIFEST;
use super::runs::{self, Runs};
use super::terminal::{Exit, Terminal};
use super::{Ended, interrupt, library, load, results, tolerance};

/// The page of a folder.
const PAGE: &str = "report.html";

/// Writes the page.
pub fn report(arguments: &Report, terminal: Terminal) -> Ended {
    let asked = Asked::of(arguments, terminal)?;
    let page = match asked.members.as_slice() {
        [only] if !asked.compared => single::page(only, terminal)?,
        members => {
            let limits = tolerance::read(&asked.tolerance, terminal)?;
            let found = Comparison::of(members, &asked.select, &limits, terminal)?;
            comparison::page(&found, members, !limits.is_empty(), terminal)
        }
    };
    let out = arguments
        .out
        .clone()
        .unwrap_or_else(|| asked.default_file());
    let way = Some("`-o FILE` says where");
    interrupt::whole(|| write_file(&out, html(&page).as_bytes()))
        .map_err(|error| results::store_failure(&error, way, terminal))?;
    terminal.data(&format!("{}\n", out.display()))
}

/// What the page is about.
struct Asked {
    members: Vec<Runs>,
    /// Whether it is a comparison even when it has one member: its arms or values.
    compared: bool,
    tolerance: Vec<String>,
    select: Vec<String>,
    /// The folder that was named, when one was.
    folder: Option<PathBuf>,
}

impl Asked {
    fn of(arguments: &Report, terminal: Terminal) -> Result<Self, Exit> {
        let models = arguments.models.as_deref();
        let fetch = |what: &str| runs::fetch(what, models, arguments.units, terminal);
        let mut asked = Self {
            members: Vec::new(),
            compared: arguments.what.len() > 1,
            tolerance: Vec::new(),
            select: Vec::new(),
            folder: None,
        };
        for what in &arguments.what {
            let path = Path::new(what);
            let Some(recorded) = comparison_in(path, terminal)? else {
                asked.members.push(fetch(what)?);
                continue;
            };
            asked.compared = true;
            asked.tolerance = recorded.tolerance;
            asked.select = recorded.select;
            for folder in recorded.folders {
                asked
                    .members
                    .push(fetch(&path.join(folder).display().to_string())?);
            }
        }
        if let ([what], [_, ..]) = (&arguments.what[..], &asked.members[..]) {
            asked.folder = folder_of(Path::new(what));
        }
        Ok(asked)
    }

    fn default_file(&self) -> PathBuf {
        if let Some(folder) = &self.folder {
            return folder.join(PAGE);
        }
        let folder = match self.members.as_slice() {
            [only] => results::default_folder(&only.loaded.scenario),
            members => compare::default_folder(members),
        };
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        folder.with_file_name(format!("{name}.html"))
    }
}

/// The folder of a run or comparison that was named by itself or by a file in it.
fn folder_of(what: &Path) -> Option<PathBuf> {
    if what.is_dir() {
        return Some(what.to_path_buf());
    }
    let is_manifest = what.extension().is_some_and(|ending| ending == "json");
    is_manifest.then(|| what.parent().unwrap_or(Path::new("")).to_path_buf())
}

/// What a folder of `compare` says about itself.
struct Recorded {
    folders: Vec<String>,
    tolerance: Vec<String>,
    select: Vec<String>,
}

/// The comparison in a folder, or none when it holds none.
fn comparison_in(what: &Path, terminal: Terminal) -> Result<Option<Recorded>, Exit> {
    let path = match what {
        folder if folder.is_dir() && !folder.join(MANIFEST).is_file() => folder.join(COMPARISON),
        _ => return Ok(None),
    };
    if !path.is_file() {
        return Ok(None);
    }
    let shown = path.display().to_string();
    let file = library::read_file(&path)
        .map_err(|failure| load::unreadable(&shown, &failure, terminal))?;
    let whole: Value = serde_json::from_str(&file.text).unwrap_or_default();
    let texts = |list: &Value| -> Vec<String> {
        let list = list.as_array().into_iter().flatten();
        list.filter_map(|text| Some(text.as_str()?.to_string()))
            .collect()
    };
    let members = whole["compared"].as_array().into_iter().flatten();
    let folders: Vec<String> = members
        .filter_map(|m| Some(m["folder"].as_str()?.to_string()))
        .collect();
    if folders.is_empty() {
        let message = format!("`{shown}` is not what `insilin compare` wrote");
        terminal.failure("cli/report", &message, "compare the runs again");
        return Err(Exit::Input);
    }
    Ok(Some(Recorded {
        folders,
        tolerance: texts(&whole["tolerance"]),
        select: texts(&whole["select"]),
    }))
}

/// A figure for the page.
fn picture(figure: &Figure) -> Block {
    let caption = match figure.subtitle.as_str() {
        "" => figure.title.clone(),
        subtitle => format!("{} ({subtitle})", figure.title),
    };
    Block::Figure(Picture {
        svg: to_svg(figure),
        caption,
        words: words::figure(figure),
    })
}

/// Paragraphs of a text: parted by empty lines, their own line breaks being those of the file.
fn paragraphs(text: &str) -> Vec<Block> {
    let parts = text
        .split("\n\n")
        .map(|part| part.split_whitespace().collect::<Vec<_>>().join(" "));
    parts
        .filter(|part| !part.is_empty())
        .map(Block::Text)
        .collect()
}
