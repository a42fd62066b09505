//! Parquet → table.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use apache_parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use apache_parquet::data_type::{ByteArray, DataType};
use apache_parquet::errors::ParquetError;
use apache_parquet::file::reader::{FileReader, RowGroupReader};
use apache_parquet::file::serialized_reader::SerializedFileReader;
use apache_parquet::schema::types::SchemaDescriptor;
use bytes::Bytes;

use super::columns;
use crate::store::table::{Cells, Table, TableError, TableSchema};

/// Rows that are asked for at once: the number in the file is not trusted with an allocation.
const BATCH: usize = 8192;

/// The table in a Parquet file that [`encode`](super::encode) made, or that parts were joined to.
///
/// # Errors
/// When the bytes are damaged, cut short, or a file of another origin; never a panic.
pub fn decode(bytes: &[u8]) -> Result<Table, TableError> {
    // The crate is made for files that are whole. A damaged one mostly gives an error, but some of its assertions and
    // indices can be reached from the bytes alone. Nothing outlives the closure, so nothing half-done can be seen.
    catch_unwind(AssertUnwindSafe(|| read(bytes)))
        .unwrap_or_else(|_| Err(TableError::Torn("the reader gave up".into())))
}

fn read(bytes: &[u8]) -> Result<Table, TableError> {
    let file = SerializedFileReader::new(Bytes::copy_from_slice(bytes)).map_err(torn)?;
    let about = file.metadata().file_metadata();
    let schema = columns::schema_of(about.key_value_metadata())?;
    check(&schema, about.schema_descr())?;
    let kinds = schema.columns.iter().map(|column| column.kind);
    let mut cells: Vec<Cells> = kinds.map(Cells::empty).collect();
    for index in 0..file.num_row_groups() {
        let group = file.get_row_group(index).map_err(torn)?;
        for (column, cells) in cells.iter_mut().enumerate() {
            read_cells(group.as_ref(), column, cells)?;
        }
        let n_rows = cells[0].len();
        if let Some(other) = cells.iter().find(|cells| cells.len() != n_rows) {
            let why = format!("columns of {n_rows} and of {} rows", other.len());
            return Err(TableError::Torn(why));
        }
    }
    Ok(Table::new(Arc::new(schema), cells))
}

fn torn(error: ParquetError) -> TableError {
    TableError::Torn(error.to_string())
}

/// The columns of the file are those that its metadata tells.
fn check(schema: &TableSchema, file: &SchemaDescriptor) -> Result<(), TableError> {
    let foreign = |why: String| Err(TableError::Foreign(why));
    let count = schema.columns.len();
    if count == 0 || file.num_columns() != count || file.root_schema().get_fields().len() != count {
        return foreign(format!(
            "{} columns where {count} are told",
            file.num_columns()
        ));
    }
    for (index, (told, found)) in schema.columns.iter().zip(file.columns()).enumerate() {
        let same = (
            found.physical_type(),
            found.self_type().get_basic_info().repetition(),
        );
        if found.path().parts() != std::slice::from_ref(&told.name)
            || same != columns::physical(told.kind)
        {
            return foreign(format!("column `{}` is not as told", found.path()));
        }
        let before = &schema.columns[..index];
        if before.iter().any(|column| column.name == told.name) {
            return foreign(format!("two columns are called `{}`", told.name));
        }
    }
    Ok(())
}

/// Adds the cells of one column of a row group to those of the groups before.
fn read_cells(
    group: &dyn RowGroupReader,
    column: usize,
    cells: &mut Cells,
) -> Result<(), TableError> {
    let n_rows = usize::try_from(group.metadata().num_rows())
        .map_err(|_| TableError::Torn("a negative number of rows".into()))?;
    let reader = group.get_column_reader(column).map_err(torn)?;
    match (reader, cells) {
        (ColumnReader::Int64ColumnReader(mut reader), Cells::Integers(cells)) => {
            let (values, _) = read_column(&mut reader, n_rows)?;
            cells.extend(values);
        }
        (ColumnReader::DoubleColumnReader(mut reader), Cells::Numbers(cells)) => {
            let (values, levels) = read_column(&mut reader, n_rows)?;
            place(cells, values.into_iter().map(Ok), &levels)?;
        }
        (ColumnReader::ByteArrayColumnReader(mut reader), Cells::Texts(cells)) => {
            let (values, levels) = read_column(&mut reader, n_rows)?;
            place(cells, values.iter().map(text), &levels)?;
        }
        _ => unreachable!("the types were checked against the schema"),
    }
    Ok(())
}

fn text(bytes: &ByteArray) -> Result<String, TableError> {
    let text = bytes.as_utf8().map_err(torn)?;
    Ok(text.to_string())
}

/// The values that are there, and for each row whether it has one; columns without missing cells have no levels.
fn read_column<T: DataType>(
    reader: &mut ColumnReaderImpl<T>,
    n_rows: usize,
) -> Result<(Vec<T::T>, Vec<i16>), TableError> {
    let (mut values, mut levels) = (Vec::new(), Vec::new());
    let mut done = 0;
    while done < n_rows {
        let want = BATCH.min(n_rows - done);
        let read = reader.read_records(want, Some(&mut levels), None, &mut values);
        let (records, _, _) = read.map_err(torn)?;
        if records == 0 {
            let why = format!("{done} rows of {n_rows}");
            return Err(TableError::Torn(why));
        }
        done += records;
    }
    Ok((values, levels))
}

/// Adds the values to `cells` in the rows that have one.
fn place<T>(
    cells: &mut Vec<Option<T>>,
    mut values: impl Iterator<Item = Result<T, TableError>>,
    levels: &[i16],
) -> Result<(), TableError> {
    for level in levels {
        let cell = if *level == 0 {
            None
        } else {
            let value = values.next().transpose()?;
            Some(value.ok_or_else(|| TableError::Torn("fewer values than rows".into()))?)
        };
        cells.push(cell);
    }
    Ok(())
}
