//! How a run is made again: command, program, settings, fingerprints, and the texts themselves.

use insilin::report::{Block, Table};

use super::super::record::MANIFEST;
use super::super::runs::Runs;

/// Program and version that made the run.
pub fn program(runs: &Runs) -> String {
    match &runs.record {
        Some(record) => record.manifest.program.clone(),
        None => format!("insilin {}", env!("CARGO_PKG_VERSION")),
    }
}

/// Commands, settings, fingerprints and texts.
pub fn blocks(runs: &Runs) -> Vec<Block> {
    let made = runs.folder().1;
    let manifest = runs
        .record
        .as_ref()
        .map_or(&made, |record| &record.manifest);
    let options = &manifest.options;
    let facts = [
        ("program", program(runs)),
        (
            "integrator",
            format!(
                "{}, relative tolerance {:e}, absolute tolerance {:e}",
                options.method, options.rtol, options.atol
            ),
        ),
        (
            "seed",
            format!(
                "{}, simultaneous events: {}",
                options.seed, options.event_order
            ),
        ),
    ];
    let facts = facts.map(|(name, said)| (name.to_string(), said)).to_vec();
    let mut blocks = vec![Block::Code(command(runs)), Block::Facts(facts)];
    if runs.record.is_none() {
        blocks.push(Block::Text(
            "That writes a folder with a manifest, from which the run gives the same bytes again, even after models and \
             scenario have changed."
                .to_string(),
        ));
    }
    let mut table = Table::new(
        "SHA-256 of what the run is made from and of its data",
        &["file", "fingerprint"],
    );
    let data = manifest.arms.iter().map(|arm| &arm.trajectory);
    let data = data.filter_map(|path| Some((path, manifest.outputs.get(path)?)));
    for (path, print) in manifest.inputs.iter().chain(data) {
        table.push([path, print]);
    }
    blocks.push(Block::Folded(
        "Fingerprints".to_string(),
        vec![Block::Table(table)],
    ));
    if let Some(file) = runs
        .loaded
        .files
        .first()
        .filter(|file| file.name.ends_with(".toml"))
    {
        let code = vec![Block::Code(file.text.clone())];
        blocks.push(Block::Folded(
            "The scenario as its author wrote it".to_string(),
            code,
        ));
    }
    blocks
}

/// The line that makes the run again.
pub fn command(runs: &Runs) -> String {
    let what = match &runs.record {
        Some(record) => record.folder.join(MANIFEST).display().to_string(),
        None => runs.what.clone(),
    };
    format!("insilin run {}", shell_word(&what))
}

/// A word as a shell takes it.
pub fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./\\:,+=@%".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_string()
    } else {
        format!("\"{}\"", text.replace('"', "\\\""))
    }
}
