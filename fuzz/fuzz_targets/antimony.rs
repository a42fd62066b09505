//! Any bytes as an Antimony file: read, lowered, compiled. Nothing may panic or hang.
#![no_main]

use insilin::compile::{Options, compile};
use insilin::diag::{MemorySources, SourceFile, SourceMap};
use insilin::model::lower;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let file = SourceFile {
        name: "fuzz.ant".to_string(),
        text: text.to_string(),
    };
    let sources = MemorySources(vec![file]);
    if let Ok(model) = lower::load("fuzz.ant", &sources, &mut SourceMap::new()) {
        let _ = compile(&model.value, &[], &Options::default());
    }
});
