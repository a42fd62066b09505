//! A row of a sweep has the numbers of `insilin run` for its values, to the last bit.

use super::home::{Row, all, metrics, number, rows};
use crate::support::command::Home;

/// Every metric of a row is that of a run.
fn same(home: &Home, row: &Row, line: &str) {
    let run = metrics(&home.expect(0, line));
    assert!(run.len() >= 8, "{run:?}");
    for (name, value) in run {
        let found = number(row, &name);
        assert!(
            found.to_bits() == value.to_bits(),
            "{line}: {name} is {value} in a run, {found} in a sweep"
        );
    }
}

#[test]
fn parameters_and_start_values_under_event_delay_algebraic_rule_and_clamp() {
    let home = all();
    home.expect(0, "sweep all.toml --over \"k=0.1..0.5 1/min:5\" --over \"loss=0.1,0.3 1/min\" --over x=1,2 --no-figures --format csv --out s");
    let rows = rows(&home, "s");
    assert_eq!(rows.len(), 20);
    for row in &rows {
        let (k, loss, x) = (&row["k"], &row["loss"], &row["x"]);
        let line = format!(
            "run all.toml --json --no-figures --out r --set \"k={k} 1/min\" --set \"loss={loss} 1/min\" --set x={x}"
        );
        same(&home, row, &line);
    }
}

/// From 1 the tide reaches 5 after ln 5 / k, and falls back to 1 each time.
#[test]
fn the_events_of_each_run_are_its_own() {
    let home = all();
    home.expect(
        0,
        "sweep all.toml --over \"k=0.1,0.2,0.3,0.4,0.5,0.9 1/min\" --no-figures --format csv --out s",
    );
    let found: Vec<f64> = rows(&home, "s")
        .iter()
        .map(|row| number(row, "falls.final"))
        .collect();
    // floor(20 k / 1.6094)
    assert_eq!(found, [1.0, 2.0, 3.0, 4.0, 6.0, 11.0]);
}

#[test]
fn places_of_the_text() {
    let home = all();
    home.expect(0, "sweep all.toml --over protocol.1.target=4,6,7.5 --over \"k=0.2,0.4 1/min\" --no-figures --format csv --out s");
    let text = home.read("all.toml");
    for row in rows(&home, "s") {
        let target = &row["protocol.1.target"];
        home.write(
            "one.toml",
            text.replace("target = 6", &format!("target = {target}")),
        );
        let k = &row["k"];
        let line = format!("run one.toml --json --no-figures --out r --set \"k={k} 1/min\"");
        same(&home, &row, &line);
    }
}

#[test]
fn curves_are_those_of_runs() {
    let home = all();
    home.expect(
        0,
        "sweep all.toml --over \"k=0.2,0.4 1/min\" --curves --no-figures --format csv --out s",
    );
    home.expect(
        0,
        "run all.toml --set \"k=0.4 1/min\" --no-figures --quiet --out r",
    );
    let column = |text: &str, name: &str, keep: &dyn Fn(&[&str]) -> bool| -> Vec<u64> {
        let mut lines = text.lines();
        let head = lines.next().expect("a head").split(',');
        let at = head
            .map(|cell| cell.split(' ').next().unwrap_or(cell))
            .position(|cell| cell == name);
        let at = at.unwrap_or_else(|| panic!("no {name}"));
        let cells = lines.map(|line| line.split(',').collect::<Vec<_>>());
        let kept = cells.filter(|cells| keep(cells));
        kept.map(|cells| cells[at].parse::<f64>().expect("a number").to_bits())
            .collect()
    };
    let (swept, run) = (home.read("s/curves.csv"), home.read("r/trajectory.csv"));
    for name in ["time", "x", "late", "a", "G"] {
        let found = column(&swept, name, &|cells| cells[0] == "1");
        assert_eq!(found.len(), 41);
        assert_eq!(found, column(&run, name, &|_| true), "{name}");
    }
}
