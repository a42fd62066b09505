//! What is refused before the first run, and what is only estimated: nothing is written.

use super::home::all;

#[test]
fn a_million_million_points_are_refused_with_their_size() {
    let home = all();
    let before = home.files(".");
    let said = home.expect(
        2,
        "sweep all.toml --over \"k=0.1..0.5 1/min:1000000\" --over \"loss=0.1..0.3 1/min:1000000\"",
    );
    assert!(
        said.err
            .contains("error[sweep/too-many]: these are 1,000,000,000,000 runs and about"),
        "{}",
        said.err
    );
    assert!(
        said.err.contains(" TB") && said.err.contains("--force"),
        "{}",
        said.err
    );
    let said = home.expect(2, "sweep all.toml --over \"k=0.1..0.5 1/min:1e12\"");
    assert!(said.err.contains("error[sweep/values]"), "{}", said.err);
    assert_eq!(home.files("."), before);
}

#[test]
fn an_estimate_writes_nothing() {
    let home = all();
    let before = home.files(".");
    let said = home.expect(
        0,
        "sweep all.toml --over \"k=0.1..0.5 1/min:100\" --over \"loss=0.1..0.3 1/min:10\" --estimate",
    );
    // 1000 runs in parts of 32.
    assert!(
        said.err.starts_with("1,000 runs in 32 parts; about "),
        "{}",
        said.err
    );
    assert!(said.out.is_empty(), "{}", said.out);
    assert_eq!(home.files("."), before);
}

#[test]
fn two_typed_axes_about_one_thing_are_refused_and_one_takes_the_place_of_a_written_one() {
    let home = all();
    let said = home.expect(
        2,
        "sweep all.toml --over \"k=0.1,0.2 1/min\" --over \"k=0.3,0.4 1/min\"",
    );
    assert!(
        said.err
            .contains("error[sweep/twice]: two axes are about `k`"),
        "{}",
        said.err
    );
    let text = home.read("all.toml");
    home.write(
        "swept.toml",
        format!("{text}\n[sweep]\naxes = [{{ of = \"k\", values = [\"0.1 1/min\"] }}]\n"),
    );
    let said = home.expect(
        0,
        "sweep swept.toml --over \"k=0.2,0.3,0.4 1/min\" --estimate",
    );
    assert!(said.err.starts_with("3 runs"), "{}", said.err);
}
