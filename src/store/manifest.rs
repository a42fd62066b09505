//! The record that repeats a run: what was run, how, and the fingerprints of what went in and came out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// Form of manifest that this program writes.
const SCHEMA: u32 = 1;

/// One execution.
///
/// All paths are relative to the manifest's folder. There is no clock in it: the same run gives the same bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Form of this file.
    pub schema: u32,
    /// Name and version of the program that ran.
    pub program: String,
    /// What the results are and are not.
    pub notice: String,
    /// The scenario's name.
    pub name: String,
    /// The expanded scenario.
    pub scenario: String,
    /// One per arm, in the scenario's order.
    pub arms: Vec<ManifestArm>,
    /// How it was integrated.
    pub options: RunOptions,
    /// SHA-256 of every file that the run is repeated from.
    pub inputs: BTreeMap<String, String>,
    /// SHA-256 of every file that the run made.
    pub outputs: BTreeMap<String, String>,
}

/// One arm's files.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ManifestArm {
    /// Its label; empty for the only arm.
    pub label: String,
    /// Path of the model as the original scenario wrote it.
    pub written: String,
    /// The flattened model.
    pub model: String,
    /// The trajectory.
    pub trajectory: String,
}

/// How a run was integrated.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunOptions {
    /// Integrator.
    pub method: String,
    /// Relative tolerance.
    pub rtol: f64,
    /// Absolute tolerance, relative to nominal values.
    pub atol: f64,
    /// Seed of random streams.
    pub seed: u64,
    /// `random` or `file`.
    pub event_order: String,
    /// Form of the data, `csv` or `json`.
    pub format: String,
    /// Columns that the data keeps; all when empty.
    pub select: Vec<String>,
    /// Units of tables and figures, `si` or `clinic`; the model's own when absent.
    pub units: Option<String>,
    /// Whether figures were made.
    pub figures: bool,
    /// Whether they were made for a projector.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub projector: bool,
}

/// Why a manifest cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ManifestError {
    /// What is wrong.
    pub message: String,
    /// Line of the file, from 1, when known.
    pub line: Option<usize>,
}

impl Manifest {
    /// An empty manifest of this program's form.
    pub fn new(name: String, scenario: String, options: RunOptions, notice: String) -> Self {
        Self {
            schema: SCHEMA,
            program: format!("insilin {}", env!("CARGO_PKG_VERSION")),
            notice,
            name,
            scenario,
            arms: Vec::new(),
            options,
            inputs: BTreeMap::new(),
            outputs: BTreeMap::new(),
        }
    }

    /// The manifest as JSON, ending with a newline.
    pub fn to_json(&self) -> String {
        let mut text = serde_json::to_string_pretty(self)
            .expect("strings and finite numbers always serialise");
        text.push('\n');
        text
    }

    /// Reads a manifest.
    ///
    /// # Errors
    /// What is not as it should be, with its line; a form newer than this program knows.
    pub fn from_json(text: &str) -> Result<Self, ManifestError> {
        let manifest: Self = serde_json::from_str(text).map_err(|error| ManifestError {
            message: error.to_string(),
            line: (error.line() > 0).then_some(error.line()),
        })?;
        if manifest.schema > SCHEMA {
            let message = format!(
                "schema {} is newer than the {SCHEMA} this program knows",
                manifest.schema
            );
            return Err(ManifestError {
                message,
                line: None,
            });
        }
        Ok(manifest)
    }
}

/// SHA-256 of some bytes in lower-case hexadecimal.
/// ```
/// # use insilin::store::sha256;
/// assert!(sha256(b"").starts_with("e3b0c44298fc1c14"));
/// ```
pub fn sha256(bytes: &[u8]) -> String {
    let digest = Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn options() -> RunOptions {
        RunOptions {
            method: "rodas5p".into(),
            rtol: 1e-6,
            atol: 1e-9,
            seed: 0,
            event_order: "random".into(),
            format: "csv".into(),
            select: vec![],
            units: None,
            figures: true,
            projector: false,
        }
    }

    #[test]
    fn a_manifest_reads_back_as_it_was_written() {
        let mut manifest = Manifest::new(
            "meal".into(),
            "scenario.toml".into(),
            options(),
            "notice".into(),
        );
        manifest.inputs.insert("model.ant".into(), sha256(b"model"));
        assert_eq!(Manifest::from_json(&manifest.to_json()), Ok(manifest));
    }

    #[test]
    fn a_broken_manifest_names_its_line() {
        let error = Manifest::from_json("{\n  \"schema\": 1,\n  oops\n}").unwrap_err();
        assert_eq!(error.line, Some(3));
    }

    #[test]
    fn a_newer_form_is_refused() {
        let mut manifest = Manifest::new("meal".into(), "s".into(), options(), String::new());
        manifest.schema = 99;
        let error = Manifest::from_json(&manifest.to_json()).unwrap_err();
        assert!(error.message.contains("99"), "{}", error.message);
    }
}
