//! Parts: the same bytes for any number of threads, after a resumption, and from shards.

use std::fs::remove_file;

use super::home::{MANY, all};
use crate::support::command::Home;

/// The whole sweep in a folder.
fn whole(home: &Home, more: &str, out: &str) -> Vec<(String, Vec<u8>)> {
    home.expect(0, &format!("{MANY} {more} --out {out}"));
    home.contents(out)
}

/// Names what differs, not the bytes.
#[track_caller]
fn same(one: &[(String, Vec<u8>)], other: &[(String, Vec<u8>)]) {
    let names = |all: &[(String, Vec<u8>)]| -> Vec<String> {
        all.iter().map(|(name, _)| name.clone()).collect()
    };
    assert_eq!(names(one), names(other));
    for ((name, a), (_, b)) in one.iter().zip(other) {
        assert!(a == b, "{name} differs");
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bytes() {
    let home = all();
    let one = whole(&home, "--format csv --jobs 1", "one");
    assert!(
        one.iter()
            .any(|(name, _)| name == "runs/part-00015.parquet")
    );
    for jobs in [2, 3] {
        let more = format!("--format csv --jobs {jobs}");
        same(&one, &whole(&home, &more, &format!("jobs-{jobs}")));
    }
}

#[test]
fn what_is_missing_is_made_again() {
    let home = all();
    let before = whole(&home, "", "s");
    for part in [
        "runs/part-00003.parquet",
        "runs/part-00015.parquet",
        "curves/part-00007.parquet",
    ] {
        remove_file(home.path(&format!("s/{part}"))).expect("a part");
    }
    let line = format!("{MANY} --out s");
    let said = home.expect(2, &line);
    assert!(
        said.err.contains("error[sweep/unfinished]: 14 of 16 parts"),
        "{}",
        said.err
    );
    let said = home.expect(
        0,
        &format!("{} --resume --out s", MANY.replace(" --quiet", "")),
    );
    assert!(
        said.err.contains("13 of 16 parts are there already"),
        "{}",
        said.err
    );
    same(&before, &home.contents("s"));
    // A finished sweep is left as it is.
    home.expect(0, &line);
    same(&before, &home.contents("s"));
}

#[test]
fn shards_joined_are_one_sweep() {
    let home = all();
    let one = whole(&home, "", "one");
    for k in 1..=3 {
        home.expect(0, &format!("{MANY} --shard {k}/3 --out shard-{k}"));
    }
    let said = home.expect(2, "merge shard-1 shard-3 --out two-of-three --no-figures");
    assert!(
        said.err
            .contains("error[sweep/missing]: 5 of 16 parts are missing, the first is number 5"),
        "{}",
        said.err
    );
    home.expect(
        0,
        "merge shard-3 shard-1 shard-2 --out joined --no-figures --quiet",
    );
    same(&one, &home.contents("joined"));
    // What lacks a part may be completed.
    home.expect(0, "merge shard-2 --out two-of-three --no-figures --quiet");
    same(&one, &home.contents("two-of-three"));
}

#[test]
fn shards_of_another_sweep_are_not_joined() {
    let home = all();
    home.expect(0, &format!("{MANY} --shard 1/2 --out a"));
    home.expect(0, &format!("{MANY} --shard 2/2 --rtol 1e-7 --out b"));
    let said = home.expect(2, "merge a b --out c");
    assert!(said.err.contains("error[sweep/changed]"), "{}", said.err);
    assert!(said.err.contains("`options.rtol`"), "{}", said.err);
    assert!(!home.path("c").exists());
}

#[test]
fn what_has_changed_is_refused_and_named() {
    let home = all();
    home.expect(0, &format!("{MANY} --out s"));
    remove_file(home.path("s/runs/part-00003.parquet")).expect("a part");
    let before = home.contents("s");
    let refused = |line: &str, what: &str| {
        let said = home.expect(2, line);
        assert!(said.err.contains("error[sweep/changed]"), "{}", said.err);
        assert!(
            said.err.contains(what),
            "{line} does not name {what}:\n{}",
            said.err
        );
        same(&before, &home.contents("s"));
    };
    let resume = format!("{MANY} --resume --out s");
    refused(&format!("{resume} --atol 1e-7"), "`options.atol`");
    refused(
        &resume.replace("0.5 1/min:20", "0.6 1/min:20"),
        "`axes.1.numbers.2`",
    );
    refused(&format!("{resume} --metric x.mean"), "`metrics`");
    let model = home.read("all.ant");
    home.write("all.ant", model.replace("x = 1 ratio", "x = 1.5 ratio"));
    refused(&resume, "the file `2-all.ant`");
    // Unfinished work is given up by name only.
    refused(&format!("{MANY} --out s"), "the file `2-all.ant`");
    home.expect(0, &format!("{MANY} --overwrite --out s"));
    assert_eq!(home.files("s/runs").len(), 16);
}
