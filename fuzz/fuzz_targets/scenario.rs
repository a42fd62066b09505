//! Any bytes as a scenario about a small model: read and resolved. Nothing may panic or hang.
#![no_main]

use insilin::diag::{MemorySources, SourceMap};
use insilin::model::lower;
use insilin::scenario;
use libfuzzer_sys::fuzz_target;

const MODEL: &str = "model m()\n  unit time_unit = 60 second\n  species S = 1\n  var u = 0\n  k = 0.1\n  up: S -> ; k*S*u\nend\n";

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let sources = MemorySources::new([("m.ant", MODEL)]);
    let mut model = |path: &str, map: &mut SourceMap| lower::load(path, &sources, map);
    let mut map = SourceMap::new();
    let _ = scenario::load("fuzz.toml", text, &sources, &mut map, &mut model);
});
