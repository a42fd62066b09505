//! `insilin schema`: the form of scenario files, for editors.

use insilin::scenario::schema;

use super::Ended;
use super::terminal::Terminal;

/// Prints the JSON Schema of scenario files.
pub fn schema(terminal: Terminal) -> Ended {
    let schema = serde_json::to_string_pretty(&schema::scenario());
    terminal.data(&(schema.expect("a schema is plain data") + "\n"))
}
