//! Any bytes as a document in SBML: read, lowered, compiled. Nothing may panic or hang.
#![no_main]

use insilin::compile::{Options, compile};
use insilin::diag::{MemorySources, SourceMap};
use insilin::model::lower;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let sources = MemorySources::new([("fuzz.xml", text)]);
    if let Ok(model) = lower::load("fuzz.xml", &sources, &mut SourceMap::new()) {
        let _ = compile(&model.value, &[], &Options::default());
    }
});
