//! Reference data that lies outside of the package, in the folder that `INSILIN_SHARED` names.

use std::env;
use std::path::PathBuf;

/// A folder of the reference data, when it is there.
///
/// When it is not, says so and gives none: the package's own tests need nothing else. With `INSILIN_REQUIRE_SHARED=1` its
/// absence is a failure.
pub fn folder(name: &str) -> Option<PathBuf> {
    let root = env::var_os("INSILIN_SHARED").map(PathBuf::from);
    let found = root
        .map(|root| root.join(name))
        .filter(|path| path.is_dir());
    if found.is_none() {
        let required = env::var("INSILIN_REQUIRE_SHARED").is_ok_and(|value| value == "1");
        assert!(
            !required,
            "INSILIN_SHARED names no folder with `{name}`, and INSILIN_REQUIRE_SHARED=1 asks for it"
        );
        tell(&format!(
            "skipped: INSILIN_SHARED names no folder with `{name}`"
        ));
    }
    found
}

#[expect(
    clippy::print_stdout,
    reason = "the only way for a test that passes to say that it compared nothing"
)]
fn tell(what: &str) {
    println!("{what}");
}
