//! A table as a Parquet file, and back.
//!
//! pandas (pyarrow), Polars and DuckDB read one file, or a folder of them, as one table. Units and labels stand in the
//! file's metadata under `insilin.columns`, a JSON list of `{name, unit, label, kind}`; what the table says about itself
//! stands beside it under its own keys. The same table gives the same bytes everywhere: no clock, no machine, columns
//! and dictionaries in order of appearance.
//!
//! The crate `parquet` of Apache Arrow does the format. Its Arrow half is left out. Looked at besides:
//! `parquet-format-safe` (tables of the format only, last release 2022), `polars-parquet` (made for Polars alone, pulls in
//! its arrays), `parquet2` (archived).

mod columns;
mod read;
#[cfg(test)]
mod tests;
mod write;

pub use read::decode;
pub(super) use write::Joined;
pub use write::encode;
