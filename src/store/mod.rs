//! Results on disk: whole folders or nothing, the manifest that repeats a run, and tables of many runs in parts.

pub mod csv;
mod folder;
#[cfg(feature = "parquet")]
mod join;
mod manifest;
#[cfg(feature = "parquet")]
pub mod parquet;
#[cfg(feature = "parquet")]
mod parts;
mod table;

pub use folder::{Folder, StoreError, write_file};
#[cfg(feature = "parquet")]
pub use join::{Form, join};
pub use manifest::{Manifest, ManifestArm, ManifestError, RunOptions, sha256};
#[cfg(feature = "parquet")]
pub use parts::Parts;
pub use table::{Cells, ColumnType, Table, TableColumn, TableError, TableSchema};
