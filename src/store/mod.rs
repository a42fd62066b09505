//! Results on disk: whole folders or nothing, and the manifest that repeats a run.

mod folder;
mod manifest;

pub use folder::{Folder, StoreError, write_file};
pub use manifest::{Manifest, ManifestArm, ManifestError, RunOptions, sha256};
