//! `insilin merge`: parts of a sweep that were made apart, as one.

use std::fs;
use std::path::Path;

use insilin::store::StoreError;

use super::args::{Merge, TableFormat};
use super::sweep::{
    Finish, Keep, SweepFolder, SweepRecord, earlier, exit_of, finish, refuse_unfinished,
};
use super::terminal::{Exit, Terminal};
use super::{Ended, interrupt, results};

/// Joins what was asked for.
pub fn merge(arguments: &Merge, terminal: Terminal) -> Ended {
    let records = arguments
        .folders
        .iter()
        .map(|folder| record(folder, terminal));
    let records: Vec<SweepRecord> = records.collect::<Result<_, _>>()?;
    let record = &records[0];
    for (folder, other) in arguments.folders.iter().zip(&records) {
        refuse_other(
            &arguments.folders[0],
            folder,
            &other.differences(record),
            terminal,
        )?;
    }
    if let Some(there) = earlier(&arguments.out, terminal)? {
        refuse_other(
            &arguments.folders[0],
            &arguments.out,
            &there.differences(record),
            terminal,
        )?;
    }
    for folder in &arguments.folders {
        if !same(folder, &arguments.out) {
            copy(folder, &arguments.out, record).map_err(|error| {
                results::store_failure(&error, Some("`--out DIR` says where"), terminal)
            })?;
        }
    }
    let whole = SweepFolder::open(&arguments.out, record)
        .map_err(|error| results::store_failure(&error, None, terminal))?;
    refuse_unfinished(&whole, record, terminal)?;
    let what = Finish {
        keep: Keep {
            single: arguments.single,
            csv: arguments.format == Some(TableFormat::Csv),
        },
        figures: !arguments.no_figures,
        projector: arguments.projector,
        json: arguments.json,
    };
    let failed = finish(&whole, record, &what, terminal)?;
    exit_of(failed)
}

fn record(folder: &Path, terminal: Terminal) -> Result<SweepRecord, Exit> {
    earlier(folder, terminal)?.ok_or_else(|| {
        let message = format!("no sweep lies in `{}`", folder.display());
        let hint = "give folders that `insilin sweep --shard K/N --out DIR` wrote";
        terminal.failure("sweep/record", &message, hint);
        Exit::Input
    })
}

fn refuse_other(first: &Path, other: &Path, differences: &[String], terminal: Terminal) -> Ended {
    if differences.is_empty() {
        return Ok(());
    }
    let message = format!(
        "`{}` and `{}` are not of one sweep: they differ in {}",
        first.display(),
        other.display(),
        differences.join(", ")
    );
    let hint = "make all parts from the same files, with the same options but for `--shard`";
    terminal.failure("sweep/changed", &message, hint);
    Err(Exit::Input)
}

fn same(a: &Path, b: &Path) -> bool {
    match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => a == b,
    }
}

/// Copies a folder of parts, each file whole or not at all; what is there already stays.
fn copy(from: &Path, to: &Path, record: &SweepRecord) -> Result<(), StoreError> {
    let source = SweepFolder::open(from, record)?;
    let target = SweepFolder::open(to, record)?;
    for part in (0..record.n_parts()).filter(|part| source.has(*part) && !target.has(*part)) {
        let of = |folder: &SweepFolder| {
            let curves = folder.curves().map(|parts| parts.path(part));
            curves
                .into_iter()
                .chain([folder.runs().path(part)])
                .collect::<Vec<_>>()
        };
        for (from, to) in of(&source).iter().zip(of(&target)) {
            copy_file(from, &to)?;
        }
    }
    copy_others(from, to)
}

fn copy_file(from: &Path, to: &Path) -> Result<(), StoreError> {
    let content = fs::read(from).map_err(|cause| StoreError::new("read", from, cause))?;
    interrupt::whole(|| insilin::store::write_file(to, &content))
}

/// The files beside the parts: the record last, since it says that the others are there.
fn copy_others(from: &Path, to: &Path) -> Result<(), StoreError> {
    let failure = |cause| StoreError::new("read", from, cause);
    let mut names: Vec<String> = Vec::new();
    for folder in ["", "originals"] {
        let Ok(entries) = fs::read_dir(from.join(folder)) else {
            continue;
        };
        for entry in entries {
            let path = entry.map_err(failure)?.path();
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if path.is_file() && !name.starts_with('.') {
                names.push(if folder.is_empty() {
                    name
                } else {
                    format!("{folder}/{name}")
                });
            }
        }
    }
    names.sort_by_key(|name| name == super::sweep::RECORD);
    for name in names {
        if !to.join(&name).exists() {
            copy_file(&from.join(&name), &to.join(&name))?;
        }
    }
    Ok(())
}
