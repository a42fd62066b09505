//! Many parts → one file, part by part: the memory does not grow with their number.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use bytes::Bytes;

use super::csv;
use super::folder::StoreError;
use super::parquet::Joined;
use super::parts::{Parts, place, sweep};
use super::table::TableError;

/// The form of one file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Parquet, one row group per part.
    Parquet,
    /// Comma-separated text under one header.
    Csv,
}

/// Joins the parts `0..count` to one file, whole or not at all; their order is the order of the rows.
///
/// # Errors
/// When a part is missing, damaged or has other columns than the first (the part is named), there is no part at all, or
/// the file cannot be written; an older file of that name is then unchanged.
pub fn join(parts: &Parts, count: u32, out: &Path, form: Form) -> Result<(), StoreError> {
    if count == 0 {
        let cause = io::Error::new(io::ErrorKind::InvalidInput, "there are no parts to join");
        return Err(StoreError::new("write", out, cause));
    }
    sweep_beside(out)?;
    // `place` knows errors of the file alone; one that is about a part waits here.
    let mut of_part = None;
    let placed = place(out, |file| {
        let joined = match form {
            Form::Parquet => join_parquet(parts, count, file),
            Form::Csv => join_csv(parts, count, file),
        };
        joined.map_err(|failure| match failure {
            Failure::Out(cause) => cause,
            Failure::Part(error) => {
                of_part = Some(error);
                io::ErrorKind::InvalidData.into()
            }
        })
    });
    match of_part {
        Some(error) => Err(error),
        None => placed,
    }
}

/// Which side failed.
enum Failure {
    Part(StoreError),
    Out(io::Error),
}

impl From<io::Error> for Failure {
    fn from(cause: io::Error) -> Self {
        Self::Out(cause)
    }
}

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self::Part(error)
    }
}

fn join_parquet(parts: &Parts, count: u32, file: &mut File) -> Result<(), Failure> {
    let mut joined: Option<Joined<&mut File>> = None;
    let mut file = Some(file);
    for part in 0..count {
        let bytes = Bytes::from(parts.bytes(part)?);
        // Whole columns are copied: that they can be read is found out here, not by who gets the joined file.
        super::parquet::decode(&bytes).map_err(|error| parts.not_readable(part, error))?;
        if let Some(file) = file.take() {
            joined = Some(Joined::like(&bytes, file).map_err(io::Error::other)?);
        }
        let joined = joined.as_mut().expect("made with the first part");
        let same = joined.add(&bytes).map_err(cause_of)?;
        if !same {
            let why = TableError::Foreign("its columns are not those of the first part".into());
            return Err(parts.not_readable(part, why).into());
        }
    }
    let joined = joined.expect("there is at least one part");
    joined.finish().map_err(cause_of)?.flush()?;
    Ok(())
}

/// The system's own error where the crate has wrapped one, so that a full disk is told as such.
fn cause_of(error: apache_parquet::errors::ParquetError) -> io::Error {
    use apache_parquet::errors::ParquetError;
    match error {
        ParquetError::External(inner) => match inner.downcast::<io::Error>() {
            Ok(cause) => *cause,
            Err(other) => io::Error::other(other),
        },
        other => io::Error::other(other),
    }
}

fn join_csv(parts: &Parts, count: u32, file: &mut File) -> Result<(), Failure> {
    let mut out = BufWriter::new(file);
    let mut schema = None;
    for part in 0..count {
        let table = parts.read(part)?;
        let first = schema.get_or_insert_with(|| table.schema.clone());
        if *first != table.schema {
            let why = TableError::Foreign("its columns are not those of the first part".into());
            return Err(parts.not_readable(part, why).into());
        }
        out.write_all(csv::encode(&table, part == 0).as_bytes())?;
    }
    out.flush()?;
    Ok(())
}

/// Removes what an interrupted join to the same file left beside it.
fn sweep_beside(out: &Path) -> Result<(), StoreError> {
    let folder = match out.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Path::new("."),
        Some(parent) if parent.is_dir() => parent,
        _ => return Ok(()),
    };
    let name = out.file_name().unwrap_or_default();
    sweep(folder, |unfinished| name == unfinished)
}
