//! Models in SBML that lie outside of the package.

use std::fs;
use std::path::Path;

use insilin::diag::{Diagnostics, MemorySources, SourceMap, Warned};
use insilin::model::{Model, lower};
use insilin::scenario::{self, Arm};
use insilin::simulate::{self, Options};
use insilin::trajectory::Trajectory;

use super::files::told;
use super::numbers::largest;
use super::ports::{column, tight};

/// The text of a file.
pub fn text(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// A file in the form of a scenario: to `end`, with entries of a protocol and departures from the model.
pub fn arm(path: &Path, time: &str, more: &str) -> Result<Arm, Diagnostics> {
    arm_of(&text(path), time, more)
}

/// The same for the text of a file.
fn arm_of(text: &str, time: &str, more: &str) -> Result<Arm, Diagnostics> {
    let sources = MemorySources::new([("model.xml", text)]);
    let scenario =
        format!("schema = 1\nname = \"case\"\nmodel = \"model.xml\"\ntime = {{ {time} }}\n{more}");
    let mut load = |name: &str, map: &mut SourceMap| -> Result<Warned<Model>, Diagnostics> {
        lower::load(name, &sources, map)
    };
    let loaded = scenario::load(
        "case.toml",
        &scenario,
        &sources,
        &mut SourceMap::new(),
        &mut load,
    )?;
    Ok(loaded
        .value
        .arms
        .into_iter()
        .next()
        .expect("a scenario has an arm"))
}

/// Its trajectory.
pub fn run(
    path: &Path,
    time: &str,
    more: &str,
    options: &Options,
) -> Result<Trajectory, Diagnostics> {
    let arm = arm(path, time, more)?;
    Ok(simulate::run(&arm, options)?.value.trajectory)
}

/// The trajectory of a public encoding of a published model, with nothing done to it.
pub fn encoding(path: &Path, time: &str) -> Trajectory {
    run(path, time, "", &tight())
        .unwrap_or_else(|wrong| panic!("{}: {}", path.display(), told(&wrong)))
}

/// The trajectory of the text of an encoding.
pub fn encoding_of(text: &str, time: &str) -> Trajectory {
    let arm = arm_of(text, time, "").unwrap_or_else(|wrong| panic!("{}", told(&wrong)));
    super::ports::run(&arm, &tight())
}

/// Fails when a column of an encoding and one of a port differ by more than a share of its largest value.
pub fn same(theirs: &Trajectory, their: &str, ours: &Trajectory, our: &str, bound: f64) {
    let (want, got) = (column(theirs, their), column(ours, our));
    let size = largest(want.iter().copied());
    let off = largest(want.iter().zip(&got).map(|(want, got)| want - got)) / size;
    assert!(
        off <= bound,
        "`{our}` is off by {off:e} of the largest `{their}` of the encoding, more than {bound:e}"
    );
}
