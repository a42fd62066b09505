//! Writes many files so that each appears whole or not at all.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::io::{self, Write};
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
    /// What the user can do about it.
    pub fn hint(&self) -> &'static str {
        match self.cause.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                "the disk is full: free some space or name another folder with `--out`; nothing was changed"
            }
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => {
                "name a folder that you may write to with `--out`"
            }
            io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
                "a file stands where a folder is needed: move it or name another folder with `--out`"
            }
            _ => "name another folder with `--out`",
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
    /// Everything is first written into a sibling folder; only when all of it is there do the files move to their
    /// places, one rename each. On failure the sibling is removed and `target` is as it was.
    ///
    /// # Errors
    /// The first file or folder that the system refused.
    pub fn write(&self, target: &Path) -> Result<(), StoreError> {
        let staging = staging_beside(target)?;
        let staged = self
            .stage(&staging)
            .and_then(|()| self.place(&staging, target));
        let cleaned = fs::remove_dir_all(&staging);
        staged?;
        cleaned.map_err(|cause| StoreError {
            path: staging,
            action: "remove",
            cause,
        })
    }

    fn stage(&self, staging: &Path) -> Result<(), StoreError> {
        for (path, content) in &self.files {
            let full = staging.join(path);
            make_parent(&full)?;
            write_synced(&full, content)?;
        }
        Ok(())
    }

    fn place(&self, staging: &Path, target: &Path) -> Result<(), StoreError> {
        for path in self.files.keys() {
            let full = target.join(path);
            make_parent(&full)?;
            fs::rename(staging.join(path), &full).map_err(|cause| StoreError {
                path: full,
                action: "write",
                cause,
            })?;
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
    let mut name = path.file_name().unwrap_or_default().to_os_string();
    name.push(format!(".{}.part", std::process::id()));
    let part = path.with_file_name(name);
    let written = write_synced(&part, content).and_then(|()| {
        fs::rename(&part, path).map_err(|cause| StoreError {
            path: path.to_path_buf(),
            action: "write",
            cause,
        })
    });
    if written.is_err() {
        // The part is useless without its rename; that it cannot be removed adds nothing to the first error.
        let _ = fs::remove_file(&part);
    }
    written
}

fn staging_beside(target: &Path) -> Result<PathBuf, StoreError> {
    let name = target
        .file_name()
        .map(|name| name.to_string_lossy().into_owned())
        .unwrap_or_default();
    let parent = target.parent().unwrap_or(Path::new("."));
    make_folder(parent)?;
    let staging = parent.join(format!(".{name}.{}.part", std::process::id()));
    make_folder(&staging)?;
    Ok(staging)
}

fn make_parent(path: &Path) -> Result<(), StoreError> {
    path.parent().map_or(Ok(()), make_folder)
}

fn make_folder(path: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(path).map_err(|cause| StoreError {
        path: path.to_path_buf(),
        action: "make the folder",
        cause,
    })
}

fn write_synced(path: &Path, content: &[u8]) -> Result<(), StoreError> {
    let write = || {
        let mut file = fs::File::create(path)?;
        file.write_all(content)?;
        // Some file systems report a full disk only here.
        file.flush()
    };
    write().map_err(|cause| StoreError {
        path: path.to_path_buf(),
        action: "write",
        cause,
    })
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
