//! Writes many files so that each appears whole or not at all.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Files of one result folder, still in memory.
#[derive(Clone, Debug, Default)]
pub struct Folder {
    files: BTreeMap<String, Vec<u8>>,
}

/// What could not be written, and why.
#[derive(Debug)]
pub struct StoreError {
    /// The file or folder.
    pub path: PathBuf,
    /// What was tried.
    pub action: &'static str,
    /// What the system said.
    pub cause: io::Error,
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "cannot {} `{}`: {}",
            self.action,
            self.path.display(),
            self.cause
        )
    }
}

impl std::error::Error for StoreError {}

impl StoreError {
    /// An error of the system about a file or folder.
    pub fn new(action: &'static str, path: &Path, cause: io::Error) -> Self {
        let path = path.to_path_buf();
        Self {
            path,
            action,
            cause,
        }
    }

    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        if self.action == "read" {
            return self.reading_hint();
        }
        match self.cause.kind() {
            io::ErrorKind::StorageFull
            | io::ErrorKind::QuotaExceeded
            | io::ErrorKind::FileTooLarge => {
                "the disk is full: free some space or write elsewhere; nothing was changed"
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "write to a folder that is yours"
            }
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                "a file stands where a folder is needed: move it or write elsewhere"
            }
            io::ErrorKind::IsADirectory => {
                "a folder stands where a file is needed: move it or write elsewhere"
            }
            _ => "write to another folder",
        }
    }

    fn reading_hint(&self) -> &'static str {
        match self.cause.kind() {
            io::ErrorKind::InvalidData => "remove this file: what is missing can be computed again",
            io::ErrorKind::NotFound => "look whether the name is right and all files were copied",
            io::ErrorKind::PermissionDenied => "ask its owner for the right to read it",
            _ => "copy it to another disk and try again",
        }
    }
}

impl Folder {
    /// No files.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file under a relative path with `/` between its parts.
    pub fn add(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) {
        self.files.insert(path.into(), content.into());
    }

    /// Relative paths, sorted.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.files.keys().map(String::as_str)
    }

    /// The content of a file.
    pub fn content(&self, path: &str) -> Option<&[u8]> {
        self.files.get(path).map(Vec::as_slice)
    }

    /// Writes all files below `target`, which is made when missing; other files in it stay.
    ///
    /// Everything is first written into a hidden folder, in `target` or beside it when it is missing; only when all of
    /// it is there do its files move to their places one by one, or does it become the missing `target`. On failure it
    /// is removed, and `target` is as it was.
    ///
    /// # Errors
    /// The first file or folder that the system refused.
    pub fn write(&self, target: &Path) -> Result<(), StoreError> {
        let staging = staging_for(target)?;
        let staged = self
            .stage(&staging, target)
            .and_then(|()| self.place(&staging, target));
        if staged.is_err() || staging.exists() {
            // What is left in it is useless; that it cannot be removed adds nothing to the first error.
            let _ = fs::remove_dir_all(&staging);
        }
        staged
    }

    fn stage(&self, staging: &Path, target: &Path) -> Result<(), StoreError> {
        for (path, content) in &self.files {
            let full = staging.join(path);
            let parent = full.parent().unwrap_or(staging);
            // Errors name the place that was asked for, not the one on the way there.
            fs::create_dir_all(parent)
                .and_then(|()| fs::write(&full, content))
                .map_err(|cause| StoreError::new("write", &target.join(path), cause))?;
        }
        Ok(())
    }

    fn place(&self, staging: &Path, target: &Path) -> Result<(), StoreError> {
        let refused = |path: &Path, cause| Err(StoreError::new("write", path, cause));
        if !target.exists() {
            return fs::rename(staging, target).or_else(|cause| refused(target, cause));
        }
        // What is in the way is found before the first file moves.
        for path in self.files.keys() {
            let full = target.join(path);
            make_parent(&full)?;
            if full.is_dir() {
                return refused(&full, io::ErrorKind::IsADirectory.into());
            }
        }
        for path in self.files.keys() {
            let full = target.join(path);
            fs::rename(staging.join(path), &full).or_else(|cause| refused(&full, cause))?;
        }
        Ok(())
    }
}

/// Writes one file whole or not at all.
///
/// # Errors
/// When the system refuses; an older file of that name is then unchanged.
pub fn write_file(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    make_parent(path)?;
    let part = part_beside(path);
    let written = fs::write(&part, content).and_then(|()| fs::rename(&part, path));
    written.map_err(|cause| {
        // The part is useless without its rename; that it cannot be removed adds nothing to the first error.
        let _ = fs::remove_file(&part);
        StoreError::new("write", path, cause)
    })
}

/// A new folder on the file system of `target`, where a rename is all that it takes to finish.
fn staging_for(target: &Path) -> Result<PathBuf, StoreError> {
    let staging = if target.is_dir() {
        // The folder beside it may lie on another disk when `target` is where one is mounted.
        part_beside(&target.join("insilin"))
    } else if target.exists() {
        let cause = io::ErrorKind::NotADirectory.into();
        return Err(StoreError::new("write to", target, cause));
    } else {
        make_parent(target)?;
        part_beside(target)
    };
    fs::create_dir(&staging).map_err(|cause| StoreError::new("write to", target, cause))?;
    Ok(staging)
}

/// A hidden name in the same folder, for what is not whole yet.
pub(super) fn part_beside(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

pub(super) fn make_parent(path: &Path) -> Result<(), StoreError> {
    let Some(parent) = path.parent() else {
        return Ok(());
    };
    fs::create_dir_all(parent).map_err(|cause| StoreError::new("make the folder", parent, cause))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_files_appear_and_no_part_is_left() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("results/meal");
        let mut folder = Folder::new();
        folder.add("manifest.json", "{}");
        folder.add("inputs/scenario.toml", "schema = 1");
        folder.write(&target).unwrap();
        assert_eq!(
            fs::read_to_string(target.join("inputs/scenario.toml")).unwrap(),
            "schema = 1"
        );
        let beside: Vec<_> = fs::read_dir(home.path().join("results")).unwrap().collect();
        assert_eq!(beside.len(), 1, "only the result folder itself");
    }

    #[test]
    fn files_of_others_in_the_folder_stay() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("notes.txt"), "mine").unwrap();
        let mut folder = Folder::new();
        folder.add("trajectory.csv", "t");
        folder.write(home.path()).unwrap();
        assert_eq!(
            fs::read_to_string(home.path().join("notes.txt")).unwrap(),
            "mine"
        );
    }

    #[test]
    fn a_folder_where_a_file_is_needed_changes_nothing() {
        let home = tempfile::tempdir().unwrap();
        fs::write(home.path().join("a.csv"), "old").unwrap();
        fs::create_dir(home.path().join("b.csv")).unwrap();
        let mut folder = Folder::new();
        folder.add("a.csv", "new");
        folder.add("b.csv", "new");
        let error = folder.write(home.path()).unwrap_err();
        assert!(error.to_string().contains("b.csv"), "{error}");
        let old = fs::read_to_string(home.path().join("a.csv")).unwrap();
        assert_eq!(old, "old");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 2);
    }

    #[test]
    fn a_file_where_a_folder_is_needed_changes_nothing() {
        let home = tempfile::tempdir().unwrap();
        let blocked = home.path().join("blocked");
        fs::write(&blocked, "a file").unwrap();
        let mut folder = Folder::new();
        folder.add("trajectory.csv", "t");
        let error = folder.write(&blocked.join("run")).unwrap_err();
        assert!(error.to_string().contains("blocked"), "{error}");
        assert_eq!(fs::read_to_string(&blocked).unwrap(), "a file");
        assert_eq!(fs::read_dir(home.path()).unwrap().count(), 1);
    }
}
