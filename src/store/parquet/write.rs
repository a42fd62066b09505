//! Table → Parquet; files → one file.

use std::collections::BTreeSet;
use std::io::Write;
use std::sync::Arc;

use apache_parquet::basic::Compression;
use apache_parquet::column::writer::ColumnCloseResult;
use apache_parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use apache_parquet::errors::Result;
use apache_parquet::file::metadata::{KeyValue, ParquetMetaDataReader};
use apache_parquet::file::properties::{
    EnabledStatistics, WriterProperties, WriterPropertiesBuilder,
};
use apache_parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use apache_parquet::schema::types::{ColumnPath, TypePtr};
use bytes::Bytes;

use super::columns;
use crate::store::table::{Cells, Table};

/// A Parquet file of `table`, all rows in one row group.
///
/// The same table gives the same bytes on every machine. Columns are packed with Snappy; those whose values repeat, and
/// all texts, through a dictionary.
///
/// # Panics
/// When the table's fields do not fit each other, as in [`Table::new`].
pub fn encode(table: &Table) -> Vec<u8> {
    table.assert_whole();
    write(table).expect("writing a valid table to memory never fails")
}

fn write(table: &Table) -> Result<Vec<u8>> {
    let root = columns::root(&table.schema);
    let mut properties = settings(columns::metadata(&table.schema));
    for (column, cells) in table.schema.columns.iter().zip(&table.columns) {
        let path = ColumnPath::from(column.name.as_str());
        properties = properties.set_column_dictionary_enabled(path, repeats(cells));
    }
    let mut file = SerializedFileWriter::new(Vec::new(), root, Arc::new(properties.build()))?;
    if table.n_rows() > 0 {
        let mut group = file.next_row_group()?;
        for cells in &table.columns {
            write_cells(&mut group, cells)?;
        }
        group.close()?;
    }
    file.into_inner()
}

fn settings(metadata: Vec<KeyValue>) -> WriterPropertiesBuilder {
    // Indices of pages help only those who look for a row among many pages; a part has one or two per column.
    WriterProperties::builder()
        .set_key_value_metadata(Some(metadata))
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::Chunk)
        .set_offset_index_disabled(true)
}

/// Whether a dictionary saves space: a number takes 8 bytes in it, and an index of some bits in each row.
fn repeats(cells: &Cells) -> bool {
    let half = cells.len() / 2;
    match cells {
        Cells::Integers(cells) => cells.iter().collect::<BTreeSet<_>>().len() <= half,
        Cells::Numbers(cells) => {
            let bits = cells.iter().flatten().map(|value| value.to_bits());
            bits.collect::<BTreeSet<_>>().len() <= half
        }
        Cells::Texts(_) => true,
    }
}

fn write_cells(group: &mut SerializedRowGroupWriter<'_, Vec<u8>>, cells: &Cells) -> Result<()> {
    match cells {
        Cells::Integers(cells) => write_column::<Int64Type>(group, cells, None),
        Cells::Numbers(cells) => {
            let present: Vec<f64> = cells.iter().flatten().copied().collect();
            write_column::<DoubleType>(group, &present, Some(&levels(cells)))
        }
        Cells::Texts(cells) => {
            let present = cells.iter().flatten();
            let present: Vec<ByteArray> = present.map(|text| text.as_str().into()).collect();
            write_column::<ByteArrayType>(group, &present, Some(&levels(cells)))
        }
    }
}

/// 1 for a cell that is there, 0 for a missing one.
fn levels<T>(cells: &[Option<T>]) -> Vec<i16> {
    cells.iter().map(|cell| i16::from(cell.is_some())).collect()
}

fn write_column<T: DataType>(
    group: &mut SerializedRowGroupWriter<'_, Vec<u8>>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<()> {
    let column = group.next_column()?;
    let mut column = column.expect("the schema has a column for all cells");
    column.typed::<T>().write_batch(values, levels, None)?;
    column.close()
}

/// A Parquet file made of the row groups of others, which go into it as they are, without being decoded.
pub(in crate::store) struct Joined<W: Write + Send> {
    file: SerializedFileWriter<W>,
    schema: TypePtr,
    metadata: Option<Vec<KeyValue>>,
}

impl<W: Write + Send> Joined<W> {
    /// A file with the columns and the metadata of `first`, a whole Parquet file whose rows are not yet taken.
    pub(in crate::store) fn like(first: &Bytes, out: W) -> Result<Self> {
        let source = ParquetMetaDataReader::new().parse_and_finish(first)?;
        let source = source.file_metadata();
        let metadata = source.key_value_metadata().cloned();
        let schema = source.schema_descr().root_schema_ptr();
        let properties = settings(metadata.clone().unwrap_or_default()).build();
        let file = SerializedFileWriter::new(out, Arc::clone(&schema), Arc::new(properties))?;
        Ok(Self {
            file,
            schema,
            metadata,
        })
    }

    /// Adds the row groups of a file; false, and nothing is added, when its columns or its metadata are others.
    pub(in crate::store) fn add(&mut self, part: &Bytes) -> Result<bool> {
        let metadata = ParquetMetaDataReader::new().parse_and_finish(part)?;
        let about = metadata.file_metadata();
        if about.schema() != self.schema.as_ref()
            || about.key_value_metadata() != self.metadata.as_ref()
        {
            return Ok(false);
        }
        for group in metadata.row_groups() {
            let rows = u64::try_from(group.num_rows())?;
            let mut target = self.file.next_row_group()?;
            for column in group.columns() {
                let taken = ColumnCloseResult {
                    bytes_written: u64::try_from(column.compressed_size())?,
                    rows_written: rows,
                    metadata: column.clone(),
                    bloom_filter: None,
                    column_index: None,
                    offset_index: None,
                };
                target.append_column(part, taken)?;
            }
            target.close()?;
        }
        Ok(true)
    }

    /// Ends the file and gives back where it went.
    pub(in crate::store) fn finish(self) -> Result<W> {
        self.file.into_inner()
    }
}
