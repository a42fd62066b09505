//! Columns as the format knows them, and as JSON in the metadata.

use std::sync::Arc;

use apache_parquet::basic::{ConvertedType, LogicalType, Repetition, Type as Physical};
use apache_parquet::file::metadata::KeyValue;
use apache_parquet::schema::types::{Type, TypePtr};
use serde::{Deserialize, Serialize};

use crate::store::table::{ColumnType, TableColumn, TableError, TableSchema};

/// Key of the metadata under which the columns stand.
const COLUMNS: &str = "insilin.columns";

/// One column as it is written: a promise to readers, so not the type of the program.
#[derive(Serialize, Deserialize)]
struct Written {
    name: String,
    unit: String,
    label: String,
    kind: String,
}

/// The physical type, and whether cells may be missing.
pub(super) fn physical(kind: ColumnType) -> (Physical, Repetition) {
    match kind {
        ColumnType::Integer => (Physical::INT64, Repetition::REQUIRED),
        ColumnType::Number => (Physical::DOUBLE, Repetition::OPTIONAL),
        ColumnType::Text => (Physical::BYTE_ARRAY, Repetition::OPTIONAL),
    }
}

/// The schema of the format.
pub(super) fn root(schema: &TableSchema) -> TypePtr {
    let fields = schema.columns.iter().map(field).collect();
    let root = Type::group_type_builder("table")
        .with_fields(fields)
        .build();
    Arc::new(root.expect("a group of valid fields is valid"))
}

fn field(column: &TableColumn) -> TypePtr {
    let (physical, repetition) = physical(column.kind);
    let builder = Type::primitive_type_builder(&column.name, physical).with_repetition(repetition);
    let builder = match column.kind {
        // The older mark as well, for older readers.
        ColumnType::Text => builder
            .with_logical_type(Some(LogicalType::String))
            .with_converted_type(ConvertedType::UTF8),
        ColumnType::Integer | ColumnType::Number => builder,
    };
    Arc::new(builder.build().expect("a plain column is valid"))
}

/// What a file of this schema carries with it.
pub(super) fn metadata(schema: &TableSchema) -> Vec<KeyValue> {
    let written: Vec<Written> = schema.columns.iter().map(written).collect();
    let columns = serde_json::to_string(&written).expect("texts always serialise");
    let mut pairs = vec![KeyValue::new(COLUMNS.to_string(), columns)];
    for (key, value) in &schema.about {
        if !reserved(key) {
            pairs.push(KeyValue::new(key.clone(), value.clone()));
        }
    }
    pairs
}

/// The schema that a file carries.
pub(super) fn schema_of(metadata: Option<&Vec<KeyValue>>) -> Result<TableSchema, TableError> {
    let pairs = metadata.map_or(&[][..], Vec::as_slice);
    let columns = pairs.iter().find(|pair| pair.key == COLUMNS);
    let columns = columns
        .and_then(|pair| pair.value.as_deref())
        .ok_or_else(|| TableError::Foreign(format!("no `{COLUMNS}` in its metadata")))?;
    let columns: Vec<Written> = serde_json::from_str(columns)
        .map_err(|error| TableError::Foreign(format!("`{COLUMNS}`: {error}")))?;
    let columns = columns.into_iter().map(read).collect::<Result<_, _>>()?;
    let about = pairs.iter().filter(|pair| !reserved(&pair.key));
    let about = about.map(|pair| (pair.key.clone(), pair.value.clone().unwrap_or_default()));
    Ok(TableSchema {
        columns,
        about: about.collect(),
    })
}

/// Keys that mean something to this program or to other readers.
fn reserved(key: &str) -> bool {
    key.starts_with(COLUMNS) || key.starts_with("ARROW:")
}

fn written(column: &TableColumn) -> Written {
    let kind = match column.kind {
        ColumnType::Integer => "integer",
        ColumnType::Number => "number",
        ColumnType::Text => "text",
    };
    Written {
        name: column.name.clone(),
        unit: column.unit.clone(),
        label: column.label.clone(),
        kind: kind.to_string(),
    }
}

fn read(column: Written) -> Result<TableColumn, TableError> {
    let kind = match column.kind.as_str() {
        "integer" => ColumnType::Integer,
        "number" => ColumnType::Number,
        "text" => ColumnType::Text,
        other => {
            let why = format!("column `{}` is of the unknown kind `{other}`", column.name);
            return Err(TableError::Foreign(why));
        }
    };
    Ok(TableColumn {
        name: column.name,
        unit: column.unit,
        label: column.label,
        kind,
    })
}
