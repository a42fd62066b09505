//! Runs without numbers: a row that says why, beside rows that are as if it were not there.

use super::home::{all, number, rows};

#[test]
fn a_run_whose_numbers_fail_is_a_row_that_says_why() {
    let home = all();
    let line = "sweep all.toml --no-figures --format csv";
    // A rate that no step can follow.
    let said = home.expect(
        3,
        &format!("{line} --over \"k=0.2,0.4,-1e300 1/min\" --over level=5,1e300 --out s --json"),
    );
    let all = rows(&home, "s");
    let status: Vec<&str> = all.iter().map(|row| row["status"].as_str()).collect();
    assert_eq!(status, ["ok", "ok", "ok", "ok", "failed", "failed"]);
    let summary: serde_json::Value = serde_json::from_str(&said.out).expect("JSON");
    assert_eq!(summary["failed"], 2);
    for row in all.iter().filter(|row| row["status"] == "failed") {
        assert!(row["why"].contains("simulate/"), "{row:?}");
        assert_eq!(row["x.final"], "", "{row:?}");
    }
    // Who ran beside it does not matter.
    home.expect(
        0,
        &format!("{line} --over \"k=0.2,0.4 1/min\" --over level=5,1e300 --out t"),
    );
    for (one, other) in all.iter().zip(&rows(&home, "t")) {
        assert_eq!(one["x.final"], other["x.final"]);
        assert_eq!(one["G.min"], other["G.min"]);
    }
    // Exp(0.2 · 20) when nothing makes it fall.
    let free = number(&all[1], "x.final");
    assert!(
        (free / insilin::math::exp(4.0) - 1.0).abs() < 1e-5,
        "{free}"
    );
}

#[test]
fn a_value_that_the_scenario_refuses_is_a_row_that_says_why() {
    let home = all();
    let line = "sweep all.toml --no-figures --format csv --out s --over \"protocol.1.every=1,0,2\"";
    let said = home.expect(3, line);
    let rows = rows(&home, "s");
    let status: Vec<&str> = rows.iter().map(|row| row["status"].as_str()).collect();
    assert_eq!(status, ["ok", "failed", "ok"]);
    assert!(rows[1]["why"].contains("scenario/"), "{:?}", rows[1]);
    assert!(said.out.contains("1 of 3 runs failed"), "{}", said.out);
    assert!(number(&rows[0], "G.min") != number(&rows[2], "G.min"));
    // The folder is finished: asking again says the same and makes nothing.
    let again = home.expect(3, line);
    assert!(
        again.err.contains("1 of 1 parts are there already"),
        "{}",
        again.err
    );
}
