//! A folder of tables that is read as one: `part-00000.parquet`, `part-00001.parquet`, …
//!
//! A part appears under its name when it is whole and on the disk, and never before. So what a stopped program, a kill
//! or a full disk leaves behind are whole parts, and hidden files that the next run sweeps up.

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::folder::{StoreError, make_parent, part_beside};
use super::parquet;
use super::table::Table;

/// First and last four bytes of every Parquet file.
const MAGIC: &[u8; 4] = b"PAR1";

/// A folder of parts, numbered from 0. Several threads may write different parts at once.
#[derive(Clone, Debug)]
pub struct Parts {
    folder: PathBuf,
}

impl Parts {
    /// The parts in `folder`, which is made when missing.
    ///
    /// # Errors
    /// When it cannot be made, or a file stands in its place.
    pub fn open(folder: &Path) -> Result<Self, StoreError> {
        fs::create_dir_all(folder)
            .map_err(|cause| StoreError::new("make the folder", folder, cause))?;
        Ok(Self {
            folder: folder.to_path_buf(),
        })
    }

    /// The parts in `folder`, which must be there.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn existing(folder: &Path) -> Result<Self, StoreError> {
        fs::read_dir(folder).map_err(|cause| StoreError::new("read", folder, cause))?;
        Ok(Self {
            folder: folder.to_path_buf(),
        })
    }

    /// File of a part, whether it is there or not.
    pub fn path(&self, part: u32) -> PathBuf {
        self.folder.join(name_of(part))
    }

    /// Whether a part is there and whole.
    ///
    /// Looks at the length and at both ends of the file only: a file that was cut short is found out, damage inside of
    /// it is not ([`Parts::read`] finds it).
    pub fn has(&self, part: u32) -> bool {
        is_whole(&self.path(part)).unwrap_or(false)
    }

    /// Writes a part whole or not at all; a part that was there before is replaced.
    ///
    /// The bytes are on the disk before the name is.
    ///
    /// # Errors
    /// When the system refuses; an older part of that number is then unchanged, and no torn file is left.
    pub fn write(&self, part: u32, table: &Table) -> Result<(), StoreError> {
        let bytes = parquet::encode(table);
        place(&self.path(part), |file| file.write_all(&bytes))
    }

    /// The table of a part.
    ///
    /// # Errors
    /// When it is not there, damaged, or not of this program.
    pub fn read(&self, part: u32) -> Result<Table, StoreError> {
        let bytes = self.bytes(part)?;
        parquet::decode(&bytes).map_err(|error| self.not_readable(part, error))
    }

    /// Numbers of the parts that are there and whole.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn present(&self) -> Result<BTreeSet<u32>, StoreError> {
        let names =
            names_in(&self.folder).map_err(|cause| StoreError::new("read", &self.folder, cause))?;
        let numbers = names.iter().filter_map(|name| number_of(name));
        Ok(numbers.filter(|part| self.has(*part)).collect())
    }

    /// Removes what earlier programs left unfinished in this folder. Call it before the first [`Parts::write`].
    ///
    /// # Errors
    /// When the folder cannot be read, or a file in it not be removed.
    pub fn sweep_up(&self) -> Result<(), StoreError> {
        sweep(&self.folder, |name| number_of(name).is_some())
    }

    /// The bytes of a part's file.
    pub(super) fn bytes(&self, part: u32) -> Result<Vec<u8>, StoreError> {
        let path = self.path(part);
        fs::read(&path).map_err(|cause| StoreError::new("read", &path, cause))
    }

    /// The error for a part with content that cannot be used.
    pub(super) fn not_readable(
        &self,
        part: u32,
        why: impl std::error::Error + Send + Sync + 'static,
    ) -> StoreError {
        let cause = io::Error::new(io::ErrorKind::InvalidData, why);
        StoreError::new("read", &self.path(part), cause)
    }
}

/// Lets `fill` write a file, and gives it its name only when all of it is on the disk.
pub(super) fn place(
    path: &Path,
    fill: impl FnOnce(&mut File) -> io::Result<()>,
) -> Result<(), StoreError> {
    make_parent(path)?;
    let part = part_beside(path);
    let written = File::create(&part).and_then(|mut file| {
        fill(&mut file)?;
        // Without this a file can have its name after a power failure, but not its content.
        file.sync_all()?;
        drop(file);
        fs::rename(&part, path)
    });
    written.map_err(|cause| {
        // The part is useless without its rename; that it cannot be removed adds nothing to the first error.
        let _ = fs::remove_file(&part);
        StoreError::new("write", path, cause)
    })
}

/// Removes the unfinished files in `folder` whose final name `is_ours` knows.
pub(super) fn sweep(folder: &Path, is_ours: impl Fn(&str) -> bool) -> Result<(), StoreError> {
    let names = names_in(folder).map_err(|cause| StoreError::new("read", folder, cause))?;
    for name in names {
        if unfinished(&name).is_some_and(&is_ours) {
            let path = folder.join(&name);
            fs::remove_file(&path).map_err(|cause| StoreError::new("remove", &path, cause))?;
        }
    }
    Ok(())
}

/// `.NAME.PID.part` → `NAME`.
fn unfinished(name: &str) -> Option<&str> {
    let inner = name.strip_prefix('.')?.strip_suffix(".part")?;
    let (name, process) = inner.rsplit_once('.')?;
    process.parse::<u32>().ok().map(|_| name)
}

fn name_of(part: u32) -> String {
    format!("part-{part:05}.parquet")
}

fn number_of(name: &str) -> Option<u32> {
    let digits = name.strip_prefix("part-")?.strip_suffix(".parquet")?;
    let number = digits.parse().ok()?;
    // One file per number: `part-1.parquet` is not ours.
    (name_of(number) == name).then_some(number)
}

/// Names of what is in a folder, sorted; those that are no text are not ours.
fn names_in(folder: &Path) -> io::Result<BTreeSet<String>> {
    let mut names = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        names.extend(entry?.file_name().into_string());
    }
    Ok(names)
}

/// Both marks are there, and the description at the end is as long as it says.
fn is_whole(path: &Path) -> io::Result<bool> {
    let mut file = File::open(path)?;
    let length = file.metadata()?.len();
    if length < 12 {
        return Ok(false);
    }
    let (mut head, mut tail) = ([0; 4], [0; 8]);
    file.read_exact(&mut head)?;
    file.seek(SeekFrom::End(-8))?;
    file.read_exact(&mut tail)?;
    let described = u64::from(u32::from_le_bytes([tail[0], tail[1], tail[2], tail[3]]));
    Ok(head == *MAGIC && tail[4..] == *MAGIC && described + 12 <= length)
}

#[cfg(test)]
mod tests;
