//! What a scenario file means: stops, units, hidden inflows, and the file of primitives that means the same.

use insilin::diag::SourceMap;
use insilin::model::{InitialValue, Rule, Symbol};
use insilin::scenario::{Arm, Change, Entry, Scenario, Start, Stop, expand};
use insilin::syntax::expr::{Expr, ExprKind, Function};

mod scenario_support;
use scenario_support::{DOSE, EVERYTHING, G, INFUSION, INSULIN, K};

const HEAD: &str = "schema = 1\nname = \"case\"\nmodel = \"body.ant\"\n";
const MINUTES: &str = "time = { unit = \"min\", span = [0, 120], every = 10 }\n";

fn read(text: &str) -> Scenario {
    let mut map = SourceMap::new();
    match scenario_support::load("case.toml", text, &mut map) {
        Ok(read) => read.value,
        Err(findings) => panic!("{}", insilin::diag::render_all(&findings, &map)),
    }
}

fn arm(rest: &str) -> Arm {
    read(&format!("{HEAD}{MINUTES}{rest}")).arms.remove(0)
}

fn protocol(entries: &str) -> Arm {
    arm(&format!("protocol = [{entries}]"))
}

/// Stops as `(time, [(target, change)])`, changes by number where they are one.
fn changes(stops: &[Stop]) -> Vec<(f64, Vec<(Symbol, Change)>)> {
    let plain = |stop: &Stop| {
        let actions = stop.actions.iter().map(|action| {
            let change = match &action.change {
                Change::Set(value) => Change::Set(without_places(value)),
                Change::Add(value) => Change::Add(without_places(value)),
                Change::Restore => Change::Restore,
            };
            (action.target, change)
        });
        (stop.time, actions.collect())
    };
    stops.iter().map(plain).collect()
}

fn without_places(formula: &Expr<Symbol>) -> Expr<Symbol> {
    let arguments = || formula.arguments().iter().map(without_places).collect();
    match &formula.kind {
        ExprKind::Call(function, _) => Expr::call(*function, arguments()),
        leaf => Expr::new(Default::default(), leaf.clone()),
    }
}

fn to(value: f64) -> Change {
    Change::Set(Expr::number(value))
}

fn parameter(at: usize) -> Symbol {
    Symbol::Parameter(at)
}

#[test]
fn a_hold_ends_with_the_value_from_before_unless_the_next_one_begins_there() {
    let arm = protocol(
        r#"{ hold = "hormone", at = "60 pmol/L", from = 0, to = 60 },
           { hold = "hormone", at = "0.6 nM", from = 60, to = 90 }"#,
    );
    let insulin = parameter(INSULIN);
    assert_eq!(
        changes(&arm.protocol.stops),
        [
            (0.0, vec![(insulin, to(0.06))]),
            (60.0, vec![(insulin, to(0.6))]),
            (90.0, vec![(insulin, Change::Restore)]),
        ]
    );
}

#[test]
fn a_hold_that_lasts_to_the_end_of_the_run_is_not_undone_in_it() {
    let arm = protocol(
        r#"{ hold = "hormone", at = "1 nM" }, { hold = "k", at = "1 1/min", from = 30, to = 500 }"#,
    );
    let times: Vec<f64> = arm.protocol.stops.iter().map(|stop| stop.time).collect();
    assert_eq!(times, [0.0, 30.0]);
}

#[test]
fn a_run_made_longer_ends_the_holds_that_reached_its_end() {
    let text = format!(
        "{HEAD}{MINUTES}protocol = [{{ hold = \"hormone\", at = \"1 nM\", from = 0, to = 120 }},\n\
         {{ rate = \"Q_sto\", at = \"1 mg/min\", from = 0, to = 200 }}]\n"
    );
    let mut scenario = read(&text);
    let later: Vec<f64> = scenario.arms[0]
        .protocol
        .later
        .iter()
        .map(|stop| stop.time)
        .collect();
    assert_eq!(later, [120.0, 200.0]);
    let edits = insilin::scenario::Edits {
        end: Some("3 h".to_string()),
        ..Default::default()
    };
    let mut findings = insilin::diag::Diagnostics::new();
    insilin::scenario::edit(&mut scenario, &edits, &mut SourceMap::new(), &mut findings);
    assert!(findings.is_empty());
    let protocol = &scenario.arms[0].protocol;
    assert_eq!(
        changes(&protocol.stops)[1],
        (120.0, vec![(parameter(INSULIN), Change::Restore)])
    );
    assert_eq!(protocol.later.len(), 1);
}

#[test]
fn at_one_time_ends_come_before_beginnings_and_the_file_decides_the_rest() {
    let arm = protocol(
        r#"{ bolus = "Q_sto", amount = "1 g", time = 60 },
           { set = "Dose", formula = "2 * Dose", from = 60 },
           { hold = "k", at = "1 1/min", from = 30, to = 60 }"#,
    );
    let doubled = Expr::call(
        Function::Times,
        vec![Expr::number(2.0), Expr::symbol(parameter(DOSE))],
    );
    assert_eq!(
        changes(&arm.protocol.stops)[1],
        (
            60.0,
            vec![
                (parameter(K), Change::Restore),
                (Symbol::Species(0), Change::Add(Expr::number(1000.0))),
                (parameter(DOSE), Change::Set(doubled)),
            ]
        )
    );
}

#[test]
fn a_meal_is_what_its_author_says_in_that_order() {
    let arm = protocol(r#"{ meal = "0.001 kg", time = 30 }"#);
    let both = Expr::call(
        Function::Plus,
        vec![Expr::symbol(Symbol::Species(0)), Expr::number(1000.0)],
    );
    assert_eq!(
        changes(&arm.protocol.stops),
        [(
            30.0,
            vec![
                (parameter(DOSE), Change::Set(both)),
                (Symbol::Species(0), Change::Add(Expr::number(1000.0))),
            ]
        )]
    );
    assert!(
        matches!(&arm.protocol.entries[0], Entry::Mark { label, from, .. } if label == "0.001 kg glucose" && *from == 30.0)
    );
}

#[test]
fn moles_of_an_input_become_mass_by_its_molar_mass() {
    // 1 mol of glucose is 180.156 g.
    let arm = protocol(r#"{ give = "meal_glucose", amount = "0.5 mol", time = 0 }"#);
    let Change::Add(amount) = &arm.protocol.stops[0].actions[1].change else {
        panic!("a bolus comes second");
    };
    let ExprKind::Number(amount, None) = amount.kind else {
        panic!("a plain number");
    };
    assert!((amount - 90_078.0).abs() < 1e-9, "{amount}");
}

#[test]
fn rates_into_one_state_add_and_leave_no_trace() {
    let arm = protocol(
        r#"{ rate = "Q_gut", at = "0.1 mg/min", from = 0, to = 60 },
           { rate = "Q_gut", at = "12 mg/h", from = 30, to = 90 }"#,
    );
    let hidden = arm
        .model
        .symbol("insilin_rate_Q_gut")
        .expect("it was added");
    assert_eq!(
        changes(&arm.protocol.stops),
        [
            (0.0, vec![(hidden, to(0.1))]),
            (30.0, vec![(hidden, to(0.1 + 0.2))]),
            (60.0, vec![(hidden, to(0.2))]),
            (90.0, vec![(hidden, to(0.0))]),
        ]
    );
    let flow = arm.model.reactions.last().expect("a reaction was added");
    assert_eq!(flow.identity.id, "insilin_flow_Q_gut");
    assert_eq!((flow.products[0].species, flow.reactants.len()), (1, 0));
    assert_eq!(
        flow.rate.as_ref().map(without_places),
        Some(Expr::symbol(hidden))
    );
    assert!(arm.source_model.symbol("insilin_rate_Q_gut").is_none());
}

#[test]
fn a_rate_into_a_variable_with_a_rate_rule_is_a_term_of_the_rule() {
    let arm = protocol(r#"{ rate = "G", at = "2 mg/dL/min", from = 0, to = 60 }"#);
    let hidden = arm.model.symbol("insilin_rate_G").expect("it was added");
    let Some(Rule::Rate(_, formula)) = arm.model.rule_of(parameter(G)) else {
        panic!("the rule stays a rate rule");
    };
    let own = Expr::call(Function::Negate, vec![Expr::symbol(parameter(G))]);
    assert_eq!(
        without_places(formula),
        Expr::call(Function::Plus, vec![own, Expr::symbol(hidden)])
    );
}

#[test]
fn times_of_the_file_become_times_of_the_model() {
    let text = format!(
        "{HEAD}time = {{ unit = \"h\", span = [-0.5, 2], every = \"15 min\" }}\n\
         protocol = [{{ bolus = \"Q_sto\", amount = \"1 mg\", time = 0.25 }}, {{ bolus = \"Q_sto\", amount = \"1 mg\", time = \"30 s\" }}]\n\
         [observe]\nG = [\"at 2\", \"peak\", \"at 5 min\"]\n"
    );
    let arm = read(&text).arms.remove(0);
    assert_eq!(
        (arm.time.start, arm.time.end, arm.time.unit.as_str()),
        (-30.0, 120.0, "min")
    );
    assert_eq!(arm.time.grid[..3], [-30.0, -15.0, 0.0]);
    let times: Vec<f64> = arm.protocol.stops.iter().map(|stop| stop.time).collect();
    assert_eq!(times, [0.5, 15.0]);
    assert_eq!(arm.observe[0].metrics, ["at 2 h", "peak", "at 5 min"]);
}

#[test]
fn the_grid_holds_both_ends_and_plain_decimals() {
    let grid = |time: &str| {
        read(&format!("{HEAD}time = {time}\n"))
            .arms
            .remove(0)
            .time
            .grid
    };
    assert_eq!(
        grid("{ unit = \"min\", span = [0, 1], every = 0.1 }")[3],
        0.3
    );
    assert_eq!(
        grid("{ unit = \"min\", span = [0, 10], every = 4 }"),
        [0.0, 4.0, 8.0, 10.0]
    );
    assert_eq!(
        grid("{ unit = \"min\", span = [0, 10], points = [2, 5] }"),
        [0.0, 2.0, 5.0, 10.0]
    );
    assert_eq!(grid("{ unit = \"min\", span = [5, 5], every = 1 }"), [5.0]);
}

#[test]
fn departures_change_the_model_to_run_and_not_the_source() {
    let arm = arm(
        "[parameters]\nk = { value = \"12 1/h\", why = \"slow\" }\nQ_gut = { value = \"5 mg/L\", why = \"full\" }\n",
    );
    assert_eq!(arm.model.parameters[K].value, Some(0.2));
    assert_eq!(arm.source_model.parameters[K].value, Some(0.1));
    assert_eq!(
        arm.model.species[1].initial,
        Some(InitialValue::Concentration(5.0))
    );
    assert_eq!(arm.departures[0].why, "slow");
}

#[test]
fn a_clamp_is_in_the_units_of_what_it_reads_and_drives() {
    let arm = protocol(
        r#"{ clamp = "G", target = "0.9 g/L", by = "glucose_infusion", every = "300 s", from = 0, to = 90,
             start = "0 mg/kg/min", gain = 0.05, integral = 0.01, limits = ["0 mg/kg/min", "1.2 g/kg/h"] }"#,
    );
    let clamp = &arm.protocol.clamps[0];
    assert_eq!(
        (clamp.measured, clamp.actuator),
        (parameter(G), parameter(INFUSION))
    );
    assert_eq!(
        (clamp.target, clamp.every, clamp.limits),
        (90.0, 5.0, (0.0, 20.0))
    );
    assert!(!arm.model.parameters[INFUSION].constant);
}

#[test]
fn arms_take_what_is_common_and_say_the_rest() {
    let text = format!(
        "{HEAD}{MINUTES}initial = \"steady-state\"\n[parameters]\nk = {{ value = \"1 1/min\", why = \"all\" }}\n\
         [[arm]]\nlabel = \"one\"\n\
         [[arm]]\nlabel = \"two\"\ninitial = \"model\"\nprotocol = [{{ meal = \"1 g\", time = 0 }}]\n\
         [arm.parameters]\nk = {{ value = \"2 1/min\", why = \"own\" }}\nDose = {{ value = \"3 mg\", why = \"own\" }}\n\
         [[expect]]\nmetric = \"two: G.peak\"\nvalue = \"100 mg/dL\"\ntolerance = \"± 5 %\"\nsource = \"test\"\n"
    );
    let scenario = read(&text);
    let [one, two] = scenario.arms.as_slice() else {
        panic!("two arms");
    };
    assert_eq!((one.start, two.start), (Start::SteadyState, Start::Model));
    assert_eq!(
        (one.model.parameters[K].value, two.model.parameters[K].value),
        (Some(1.0), Some(2.0))
    );
    assert_eq!((one.protocol.stops.len(), two.protocol.stops.len()), (0, 1));
    let expected = &scenario.expectations[0];
    assert_eq!(
        (expected.low, expected.high, expected.unit.as_str()),
        (95.0, 105.0, "mg/dL")
    );
}

#[test]
fn varied_values_are_shown_as_written_and_run_in_the_models_unit() {
    let text = format!(
        "{HEAD}{MINUTES}[vary]\nof = \"hormone\"\nvalues = {{ from = \"1 pM\", to = \"100 nM\", points = 6, scale = \"log\" }}\n"
    );
    let vary = read(&text).vary.expect("it varies");
    assert_eq!(
        (vary.values.len(), vary.unit.as_str(), vary.log),
        (6, "pM", true)
    );
    assert_eq!(vary.values, [1.0, 10.0, 100.0, 1000.0, 10_000.0, 100_000.0]);
    assert_eq!(
        vary.per_arm,
        [(parameter(INSULIN), vec![0.001, 0.01, 0.1, 1.0, 10.0, 100.0])]
    );
}

/// Everything that decides a run, without places.
fn essence(scenario: &Scenario) -> String {
    let mut out = String::new();
    for arm in &scenario.arms {
        out += &format!(
            "{} {} {:?} {:?}\n",
            arm.label, arm.model_path, arm.time, arm.start
        );
        out += &format!("{:?} {:?}\n", arm.departures, changes(&arm.protocol.stops));
        for clamp in &arm.protocol.clamps {
            let mut clamp = clamp.clone();
            clamp.span = Default::default();
            out += &format!("{clamp:?}\n");
        }
        out += &format!("{:?} {:?}\n", arm.model.parameters, arm.model.species);
        for observed in &arm.observe {
            out += &format!("{} {:?}\n", observed.id, observed.metrics);
        }
    }
    out += &format!(
        "{} {} {} {:?}\n",
        scenario.name, scenario.title, scenario.note, scenario.vary
    );
    for expected in &scenario.expectations {
        out += &format!(
            "{} {:?} {:?} {:?} {}\n",
            expected.metric, expected.at, expected.low, expected.high, expected.unit
        );
    }
    out
}

#[test]
fn the_file_of_primitives_means_the_same_to_the_last_bit() {
    let written = read(EVERYTHING);
    let text = expand(&written);
    let again = read(&text);
    // {:?} of a number shows every bit of it.
    assert_eq!(essence(&again), essence(&written), "{text}");
    assert_eq!(expand(&again), text);
}

#[test]
fn arms_are_written_back_too() {
    let text = EVERYTHING.replace("metric = \"", "metric = \"c:").replacen(
        "[[expect]]\n",
        "[[arm]]\nlabel = \"a b\"\n[[arm]]\nlabel = \"c\"\nobserve = {}\n[[expect]]\n",
        1,
    );
    let written = read(&text);
    let again = read(&expand(&written));
    assert_eq!(written.arms.len(), 2);
    assert_eq!(essence(&again), essence(&written));
}

#[test]
fn the_inputs_of_every_shipped_model_are_read_without_a_word() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("models/published");
    let entries = std::fs::read_dir(folder).expect("the folder is part of the package");
    let mut count = 0;
    for path in entries.map(|entry| entry.expect("a readable entry").path()) {
        if !path.to_string_lossy().ends_with(".inputs.toml") {
            continue;
        }
        let text = std::fs::read_to_string(&path).expect("a readable file");
        let mut map = SourceMap::new();
        let source = map.add("inputs", text.clone());
        let mut findings = insilin::diag::Diagnostics::new();
        let inputs = insilin::scenario::inputs::read(&text, source, &mut findings);
        assert!(
            findings.is_empty(),
            "{}",
            insilin::diag::render_all(&findings, &map)
        );
        assert!(
            !inputs.inputs.is_empty(),
            "{} declares nothing",
            path.display()
        );
        count += 1;
    }
    assert!(count >= 6, "only {count} files were found");
}

#[test]
fn mistakes_in_an_inputs_file_are_told_in_that_file() {
    let text = "schema = 1\n[inputs.meal]\nmeaning = \"m\"\nunit = \"mgg\"\nkind = \"amunt\"\n\
                [inputs.dose]\nmeaning = \"m\"\nunit = \"mg\"\nkind = \"amount\"\ndo = [{ bolus = \"Q\", by = \"2 * (amount\" }]\n\
                range = [3, 1]\nmolar_mass = \"3 mg\"\n";
    let mut map = SourceMap::new();
    let source = map.add("body.inputs.toml", text);
    let mut findings = insilin::diag::Diagnostics::new();
    let inputs = insilin::scenario::inputs::read(text, source, &mut findings);
    assert!(inputs.inputs.is_empty());
    let mut lines: Vec<(usize, &str)> = findings
        .0
        .iter()
        .map(|found| (map.line_column(found.span.expect("a place")).0, found.code))
        .collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        [
            (4, "units/unknown"),
            (5, "scenario/unknown-word"),
            (10, "syntax/parenthesis"),
            (11, "scenario/type"),
            (12, "scenario/unit"),
        ]
    );
}
