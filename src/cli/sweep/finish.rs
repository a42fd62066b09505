//! The end of a sweep, when all of its parts are there: one file on request, figures, what is printed.

use insilin::store::Folder;

use crate::cli::args::Plot;
use crate::cli::population::People;
use crate::cli::terminal::{Exit, Terminal};
use crate::cli::{Ended, interrupt, results};

use super::figures;
use super::folder::{Keep, SweepFolder, earlier, refuse_unfinished};
use super::record::SweepRecord;
use super::summary::Summary;

/// What to make of a finished sweep.
#[derive(Clone, Copy, Debug)]
pub struct Finish {
    /// Other forms of the tables.
    pub keep: Keep,
    /// Whether figures are drawn.
    pub figures: bool,
    /// Whether they are for a lecture hall.
    pub projector: bool,
    /// Whether the summary is printed as JSON.
    pub json: bool,
}

/// Makes what is asked for of all parts; gives how many runs failed.
///
/// # Errors
/// Exit codes of what cannot be read or written; that has been said.
pub fn finish(
    folder: &SweepFolder,
    record: &SweepRecord,
    what: &Finish,
    terminal: Terminal,
) -> Result<u64, Exit> {
    let failure = |error| results::store_failure(&error, None, terminal);
    let summary = Summary::of(record, folder.runs()).map_err(failure)?;
    let people = People::of(folder, record).map_err(failure)?;
    let joined = interrupt::whole(|| folder.keep(record.n_parts(), what.keep)).map_err(failure)?;
    let mut made = Folder::new();
    let mut data = summary.to_json(record);
    if let Some(people) = &people {
        people.add_to(&mut data);
        for (name, table) in people.tables() {
            made.add(name, table);
        }
    }
    made.add("summary.json", format!("{data:#}\n"));
    if what.figures {
        let drawn = figures::all(folder, record, what.projector).map_err(failure)?;
        for (path, content) in drawn.files {
            made.add(path, content);
        }
        for words in drawn.refused {
            let hint = "the tables are there; docs/sweeps.md says what each kind needs";
            terminal.warning("sweep/figure", &words, hint);
        }
    }
    interrupt::whole(|| made.write(folder.path())).map_err(failure)?;
    let text = if what.json {
        format!("{data:#}\n")
    } else {
        match &people {
            Some(people) => people.text(record, &summary.failed_words()),
            None => summary.text(record),
        }
    };
    terminal.data(&text)?;
    let joined = joined.iter().map(|path| format!(", {}", path.display()));
    terminal.say(&format!(
        "written to {}{}",
        folder.path().display(),
        joined.collect::<String>()
    ));
    Ok(summary.failed)
}

/// `insilin plot` of a sweep: its figures again, from its parts.
pub fn plot(arguments: &Plot, terminal: Terminal) -> Ended {
    let path = &arguments.folder;
    let Some(record) = earlier(path, terminal)? else {
        return Err(Exit::Input);
    };
    let failure = |error| results::store_failure(&error, None, terminal);
    let folder = SweepFolder::open(path, &record).map_err(failure)?;
    refuse_unfinished(&folder, &record, terminal)?;
    let drawn = figures::all(&folder, &record, arguments.projector).map_err(failure)?;
    let mut made = Folder::new();
    for (path, content) in drawn.files {
        made.add(path, content);
    }
    for words in drawn.refused {
        terminal.warning("sweep/figure", &words, "docs/sweeps.md has the kinds");
    }
    let out = arguments.out.as_ref().unwrap_or(path);
    let way = Some("`--out DIR` says where");
    interrupt::whole(|| made.write(out))
        .map_err(|error| results::store_failure(&error, way, terminal))?;
    let written = made
        .paths()
        .map(|path| out.join(path).display().to_string());
    let written: Vec<String> = written.collect();
    terminal.data(&format!("{}\n", written.join("\n")))
}
