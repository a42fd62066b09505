//! Which runs are compared with which, in common units: numbers and whole curves.

use insilin::observe::{Allowance, Change, Deviation, Metric, deviation};
use insilin::render::number::significant;
use insilin::render::table::metric_words;
use insilin::scenario::{Arm, Scenario};
use insilin::trajectory::Trajectory;

use super::display;
use super::figures::standard_ids;
use super::runs::Runs;
use super::summary::metric_of;
use super::terminal::{Exit, Terminal};
use super::tolerance::Limits;

/// Metrics of a quantity of which no scenario asks for any.
const USUAL: [&str; 3] = ["initial", "peak", "final"];

/// Everything compared.
pub struct Comparison {
    /// One for runs that are all compared with one; one per arm or value where the same arms or values were run again.
    pub groups: Vec<Group>,
    /// What could not be compared, in words.
    pub left_out: Vec<String>,
}

/// Runs that are compared with the first of them.
pub struct Group {
    /// What they share; empty when there is one group.
    pub label: String,
    /// The arm that they share; empty when they share none.
    pub arm: String,
    /// Which value of the varied quantity they share.
    pub value: Option<usize>,
    /// The runs, the reference first.
    pub runs: Vec<Compared>,
    /// Every metric of every run but the first.
    pub rows: Vec<Row>,
    /// Every whole curve of every run but the first.
    pub curves: Vec<Curve>,
}

/// One run, as far as it is compared.
pub struct Compared {
    /// What tells it from the others of its group.
    pub label: String,
    /// Which of what was typed it belongs to.
    pub member: usize,
    /// Its arm there.
    pub arm: usize,
    /// Which value of the varied quantity it has.
    pub value: usize,
    /// Quantities that all runs of the group have, under the names and in the units of the first.
    pub trajectory: Trajectory,
}

/// One metric of one run beside that of the reference.
pub struct Row {
    /// Index of the run in its group.
    pub run: usize,
    /// Id of the quantity in the reference.
    pub id: String,
    /// Its display name.
    pub label: String,
    /// The metric as scenario files write it.
    pub metric: Metric,
    /// The metric in words.
    pub words: String,
    /// Unit of both numbers.
    pub unit: String,
    /// The two numbers.
    pub change: Change,
    /// How far they may lie apart.
    pub allowed: Option<Allowance>,
}

/// One curve of one run beside that of the reference.
pub struct Curve {
    /// Index of the run in its group.
    pub run: usize,
    /// Id of the quantity in the reference.
    pub id: String,
    /// Its display name.
    pub label: String,
    /// Unit of its values.
    pub unit: String,
    /// Unit of time.
    pub time_unit: String,
    /// How far they part; none when they share no time.
    pub deviation: Option<Deviation>,
    /// How far they may part.
    pub allowed: Option<Allowance>,
}

impl Row {
    /// Distance over allowed distance, when there is a limit.
    pub fn excess(&self) -> Option<f64> {
        Some(self.allowed?.excess(self.change))
    }
}

impl Curve {
    /// Distance over allowed distance, when there is a limit; runs that share no time are infinitely far apart.
    pub fn excess(&self) -> Option<f64> {
        let far = |allowed: Allowance| {
            let deviation = self.deviation.as_ref();
            deviation.map_or(f64::INFINITY, |found| allowed.excess_of(found))
        };
        self.allowed.map(far)
    }
}

impl Comparison {
    /// Compares everything with everything that it belongs to.
    ///
    /// * `select` — quantities; those that the scenarios observe when empty
    ///
    /// # Errors
    /// Exit code 2 when nothing can be compared or a limit has no meaning; that has been said.
    pub fn of(
        members: &[Runs],
        select: &[String],
        limits: &Limits,
        terminal: Terminal,
    ) -> Result<Self, Exit> {
        let names = member_names(members);
        let mut left_out: Vec<LeftOut> = Vec::new();
        let mut groups = Vec::new();
        for part in partition(members, &names) {
            let ids = wanted_ids(members, &part.runs, select);
            groups.push(Group {
                label: part.label,
                arm: part.arm,
                value: part.value,
                runs: in_common(members, &part.runs, &ids, &mut left_out),
                rows: Vec::new(),
                curves: Vec::new(),
            });
        }
        let left_out: Vec<String> = left_out.iter().map(LeftOut::in_words).collect();
        groups.retain(|group| !group.columns().is_empty());
        if groups.is_empty() {
            return Err(nothing_in_common(members, &left_out, terminal));
        }
        let references: Vec<&Trajectory> = groups.iter().map(Group::reference).collect();
        limits.check(&references, terminal)?;
        for group in &mut groups {
            group.rows = rows(group, members, limits);
            group.curves = curves(group, limits);
        }
        Ok(Self { groups, left_out })
    }

    /// All limited differences beyond their limit, in words with their excess, the worst first.
    pub fn beyond(&self) -> Vec<(f64, String)> {
        let mut found: Vec<(f64, String)> = Vec::new();
        for group in &self.groups {
            let rows = group.rows.iter();
            let rows = rows.map(|row| (row.excess(), row.run, row.in_words()));
            let curves = group.curves.iter();
            let curves = curves.map(|curve| (curve.excess(), curve.run, curve.in_words()));
            for (excess, run, words) in rows.chain(curves) {
                let Some(excess) = excess.filter(|excess| *excess > 1.0) else {
                    continue;
                };
                let of = [group.label.as_str(), group.runs[run].label.as_str()];
                let of: Vec<&str> = of.into_iter().filter(|part| !part.is_empty()).collect();
                found.push((excess, format!("{}: {words}", of.join(", "))));
            }
        }
        found.sort_by(|left, right| right.0.total_cmp(&left.0));
        found
    }

    /// How many differences have a limit.
    pub fn limited(&self) -> usize {
        let count = |group: &Group| {
            let rows = group.rows.iter().filter(|row| row.allowed.is_some());
            rows.count() + group.curves.iter().filter(|c| c.allowed.is_some()).count()
        };
        self.groups.iter().map(count).sum()
    }
}

impl Row {
    fn in_words(&self) -> String {
        let Change { reference, value } = self.change;
        let (value, reference) = (significant(value, 4), significant(reference, 4));
        let unit = spaced(&self.unit);
        format!(
            "{} {} is {value}{unit} against {reference}{unit}",
            self.id, self.words
        )
    }
}

impl Curve {
    fn in_words(&self) -> String {
        let Some(found) = &self.deviation else {
            return format!("the curve of {} shares no time", self.id);
        };
        let (unit, time) = (spaced(&self.unit), spaced(&self.time_unit));
        format!(
            "the curve of {} is {}{unit} away at {}{time}, {} % of the range",
            self.id,
            significant(found.largest.abs(), 4),
            significant(found.at, 4),
            significant(100.0 * found.relative().abs(), 3)
        )
    }
}

/// A unit behind a number.
pub fn spaced(unit: &str) -> String {
    if unit.is_empty() {
        String::new()
    } else {
        format!(" {unit}")
    }
}

impl Group {
    /// The run that the others are compared with.
    pub fn reference(&self) -> &Trajectory {
        &self.runs[0].trajectory
    }

    /// What is compared, as the reference names it.
    pub fn columns(&self) -> &[insilin::trajectory::Column] {
        &self.reference().columns
    }
}

/// One run among all that were typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Picked {
    member: usize,
    arm: usize,
    value: usize,
}

impl Picked {
    fn arm<'a>(&self, members: &'a [Runs]) -> &'a Arm {
        &members[self.member].loaded.scenario.arms[self.arm]
    }

    fn shown<'a>(&self, members: &'a [Runs]) -> &'a Trajectory {
        &members[self.member].results.arms[self.arm].shown[self.value]
    }

    /// Its arm and varied value in words; empty for the only run of a scenario.
    fn key(&self, members: &[Runs]) -> String {
        let label = self.arm(members).label.clone();
        let parts = [label, self.varied(members).unwrap_or_default()];
        let parts: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        parts.join(", ")
    }

    /// The value that it has of what its scenario varies.
    fn varied(&self, members: &[Runs]) -> Option<String> {
        let vary = members[self.member].loaded.scenario.vary.as_ref()?;
        let value = significant(vary.values[self.value], 4);
        Some(format!("{} = {value}{}", vary.name, spaced(&vary.unit)))
    }
}

/// A name for each of what was typed: the scenario's, or the folder's where two runs are of one scenario.
pub fn member_names(members: &[Runs]) -> Vec<String> {
    let names: Vec<&str> = members
        .iter()
        .map(|runs| runs.loaded.scenario.name.as_str())
        .collect();
    let mut chosen: Vec<String> = Vec::new();
    for (at, runs) in members.iter().enumerate() {
        let twice = names.iter().filter(|name| **name == names[at]).count() > 1;
        let folder = runs.record.as_ref().and_then(|record| {
            let full = std::path::absolute(&record.folder).ok()?;
            Some(full.file_name()?.to_string_lossy().into_owned())
        });
        let name = match folder {
            Some(folder) if twice => folder,
            _ => names[at].to_string(),
        };
        let earlier =
            |name: &String, chosen: &[String]| chosen.iter().filter(|n| *n == name).count();
        let mut unique = name.clone();
        let mut number = 2;
        while earlier(&unique, &chosen) > 0 {
            unique = format!("{name} ({number})");
            number += 1;
        }
        chosen.push(unique);
    }
    chosen
}

/// What becomes a group: labelled runs, and what they share.
struct Part {
    label: String,
    arm: String,
    value: Option<usize>,
    runs: Vec<(String, Picked)>,
}

/// Arm with arm and value with value where all scenarios have the same ones; value by value the arms of one scenario;
/// else all with the first.
fn partition(members: &[Runs], names: &[String]) -> Vec<Part> {
    let all: Vec<Vec<Picked>> = members
        .iter()
        .enumerate()
        .map(|(member, runs)| picked(member, &runs.loaded.scenario))
        .collect();
    let first: Vec<String> = all[0].iter().map(|one| one.key(members)).collect();
    let same = all.iter().all(|of| {
        let mut keys = of.iter().map(|one| one.key(members));
        of.len() == first.len() && keys.all(|key| first.contains(&key))
    });
    let scenario = &members[0].loaded.scenario;
    if members.len() > 1 && first.len() > 1 && same {
        return all[0]
            .iter()
            .map(|one| alike(one, &all, members, names))
            .collect();
    }
    if members.len() == 1 && scenario.vary.is_some() && scenario.arms.len() > 1 {
        let values = 0..members[0].results.arms[0].shown.len();
        return values
            .map(|value| arms_at(value, &all[0], members))
            .collect();
    }
    let label = |one: &Picked| match (members.len(), one.key(members)) {
        (1, key) if !key.is_empty() => key,
        (_, key) if key.is_empty() => names[one.member].clone(),
        (_, key) => format!("{}: {key}", names[one.member]),
    };
    vec![Part {
        label: String::new(),
        arm: String::new(),
        value: None,
        runs: all.iter().flatten().map(|one| (label(one), *one)).collect(),
    }]
}

/// The same arm at the same value, run by several scenarios.
fn alike(one: &Picked, all: &[Vec<Picked>], members: &[Runs], names: &[String]) -> Part {
    let key = one.key(members);
    let same = all
        .iter()
        .flatten()
        .filter(|other| other.key(members) == key);
    let runs = same
        .map(|other| (names[other.member].clone(), *other))
        .collect();
    let varied = members[one.member].loaded.scenario.vary.is_some();
    Part {
        label: key,
        arm: one.arm(members).label.clone(),
        value: varied.then_some(one.value),
        runs,
    }
}

/// The arms of one scenario at one value of what it varies.
fn arms_at(value: usize, all: &[Picked], members: &[Runs]) -> Part {
    let at = all.iter().filter(|one| one.value == value);
    let runs: Vec<(String, Picked)> = at
        .map(|one| (one.arm(members).label.clone(), *one))
        .collect();
    Part {
        label: runs[0].1.varied(members).unwrap_or_default(),
        arm: String::new(),
        value: Some(value),
        runs,
    }
}

fn picked(member: usize, scenario: &Scenario) -> Vec<Picked> {
    let values = scenario.vary.as_ref().map_or(1, |vary| vary.values.len());
    let of = |arm| (0..values).map(move |value| Picked { member, arm, value });
    (0..scenario.arms.len()).flat_map(of).collect()
}

/// What is to be compared, as far as the first run has it: what was selected, else what any scenario observes, else what
/// a figure of the first would show.
fn wanted_ids(members: &[Runs], picked: &[(String, Picked)], select: &[String]) -> Vec<String> {
    if !select.is_empty() {
        return select.to_vec();
    }
    let mut ids: Vec<String> = Vec::new();
    for (_, one) in picked {
        for observed in &one.arm(members).observe {
            if !ids.contains(&observed.id) {
                ids.push(observed.id.clone());
            }
        }
    }
    if ids.is_empty() {
        ids = standard_ids(picked[0].1.arm(members));
    }
    ids
}

/// A quantity that is not compared, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
struct LeftOut {
    ids: Vec<String>,
    why: String,
}

impl LeftOut {
    fn in_words(&self) -> String {
        format!("`{}`: {}", self.ids.join("`, `"), self.why)
    }
}

/// Adds a quantity to those that are left out for the same reason.
fn leave_out(id: &str, why: String, left_out: &mut Vec<LeftOut>) {
    match left_out.iter_mut().find(|known| known.why == why) {
        Some(known) if known.ids.iter().any(|other| other == id) => {}
        Some(known) => known.ids.push(id.to_string()),
        None => left_out.push(LeftOut {
            ids: vec![id.to_string()],
            why,
        }),
    }
}

/// The runs with the columns that all of them have, in the units of the first; tells what is left out.
fn in_common(
    members: &[Runs],
    picked: &[(String, Picked)],
    ids: &[String],
    left_out: &mut Vec<LeftOut>,
) -> Vec<Compared> {
    let mut common: Vec<&str> = Vec::new();
    for id in ids {
        match fits_everywhere(members, picked, id) {
            Ok(()) => common.push(id),
            Err(why) => leave_out(id, why, left_out),
        }
    }
    let reference = picked[0].1.shown(members);
    let run = |(label, one): &(String, Picked)| Compared {
        label: label.clone(),
        member: one.member,
        arm: one.arm,
        value: one.value,
        trajectory: converted(one.shown(members), one.arm(members), &common, reference),
    };
    picked.iter().map(run).collect()
}

/// Whether every run has a quantity, in a unit that converts.
fn fits_everywhere(members: &[Runs], picked: &[(String, Picked)], id: &str) -> Result<(), String> {
    let (first, reference) = (&picked[0].0, picked[0].1.shown(members));
    let lacking = picked
        .iter()
        .find(|(_, one)| one.shown(members).column(id).is_none());
    if let Some((label, _)) = lacking {
        return Err(format!("{label} has none"));
    }
    let wanted = &reference.column(id).expect("every run has it").unit;
    for (label, one) in &picked[1..] {
        let shown = one.shown(members);
        let unit = &shown.column(id).expect("every run has it").unit;
        let named = |unit: &str| match unit {
            "" => "without a unit".to_string(),
            unit => format!("in {unit}"),
        };
        if display::factor_of(&one.arm(members).model, id, unit, wanted).is_none() {
            let (here, there) = (named(wanted), named(unit));
            return Err(format!("{here} in {first}, {there} in {label}"));
        }
        if time_factor(shown, reference).is_none() {
            let (here, there) = (named(&reference.time_unit), named(&shown.time_unit));
            return Err(format!("time is {here} in {first}, {there} in {label}"));
        }
    }
    Ok(())
}

fn time_factor(of: &Trajectory, reference: &Trajectory) -> Option<f64> {
    let (from, to) = (&of.time_unit, &reference.time_unit);
    if from.is_empty() != to.is_empty() {
        return None;
    }
    display::factor(from, to)
}

/// Some columns of a run in the units of another; all of them convert.
fn converted(shown: &Trajectory, arm: &Arm, ids: &[&str], reference: &Trajectory) -> Trajectory {
    let mut kept = shown.select(ids).expect("every run has these columns");
    for (at, id) in ids.iter().enumerate() {
        let wanted = reference.column(id).expect("every run has it");
        let unit = kept.columns[at].unit.clone();
        let factor = display::factor_of(&arm.model, id, &unit, &wanted.unit).expect("it converts");
        // Multiplying by one changes no number, but is work.
        if factor != 1.0 {
            kept.data
                .column_mut(at)
                .mapv_inplace(|value| value * factor);
        }
        kept.columns[at] = wanted.clone();
    }
    let factor = time_factor(shown, reference).unwrap_or(1.0);
    kept.time.iter_mut().for_each(|time| *time *= factor);
    kept.time_unit.clone_from(&reference.time_unit);
    kept
}

/// Every metric that a scenario or a limit names, of every run but the first.
fn rows(group: &Group, members: &[Runs], limits: &Limits) -> Vec<Row> {
    let reference = group.reference();
    let mut rows = Vec::new();
    for column in group.columns() {
        for metric in metrics(group, members, limits, &column.id) {
            let value = |run: &Compared| {
                let found = insilin::observe::measure(&run.trajectory, &column.id, metric);
                found.expect("every run has it")
            };
            for (run, compared) in group.runs.iter().enumerate().skip(1) {
                rows.push(Row {
                    run,
                    id: column.id.clone(),
                    label: column.label.clone(),
                    metric,
                    words: metric_words(metric, &column.unit, &reference.time_unit),
                    unit: metric.unit(&column.unit, &reference.time_unit),
                    change: Change {
                        reference: value(&group.runs[0]),
                        value: value(compared),
                    },
                    allowed: limits.of_metric(&column.id, metric, reference),
                });
            }
        }
    }
    rows
}

/// Metrics of a quantity in the units of the reference, each once, in the order in which the scenarios name them.
fn metrics(group: &Group, members: &[Runs], limits: &Limits, id: &str) -> Vec<Metric> {
    let mut found: Vec<Metric> = Vec::new();
    let mut add = |metric: Option<Metric>| found.extend(metric.filter(|m| !found.contains(m)));
    for run in &group.runs {
        let runs = &members[run.member];
        let shown = &runs.results.arms[run.arm].shown[run.value];
        let arm = &runs.loaded.scenario.arms[run.arm];
        let texts = arm.observe.iter().filter(|observed| observed.id == id);
        for text in texts.flat_map(|observed| &observed.metrics) {
            add(metric_of(text, shown, id)
                .and_then(|metric| in_units_of(metric, id, (shown, arm), group.reference())));
        }
    }
    for text in limits.metrics_of(id) {
        add(metric_of(text, group.reference(), id));
    }
    if found.is_empty() {
        let usual = USUAL
            .iter()
            .filter_map(|text| metric_of(text, group.reference(), id));
        found.extend(usual);
    }
    found
}

/// A metric whose argument is in the units of one run, for another.
fn in_units_of(
    metric: Metric,
    id: &str,
    (shown, arm): (&Trajectory, &Arm),
    reference: &Trajectory,
) -> Option<Metric> {
    let Some(argument) = metric.argument() else {
        return Some(metric);
    };
    let factor = match metric {
        Metric::At(_) => time_factor(shown, reference)?,
        _ => {
            let (from, to) = (&shown.column(id)?.unit, &reference.column(id)?.unit);
            display::factor_of(&arm.model, id, from, to)?
        }
    };
    Some(metric.with_argument(argument * factor))
}

fn curves(group: &Group, limits: &Limits) -> Vec<Curve> {
    let reference = group.reference();
    let mut curves = Vec::new();
    for column in group.columns() {
        let id = &column.id;
        let values = |of: &Trajectory| of.values(id).expect("every run has it");
        let wanted = values(reference);
        for (run, compared) in group.runs.iter().enumerate().skip(1) {
            let found = &compared.trajectory;
            curves.push(Curve {
                run,
                id: id.clone(),
                label: column.label.clone(),
                unit: column.unit.clone(),
                time_unit: reference.time_unit.clone(),
                deviation: deviation((&reference.time, &wanted), (&found.time, &values(found))),
                allowed: limits.of_curve(id, reference),
            });
        }
    }
    curves
}

fn nothing_in_common(members: &[Runs], left_out: &[String], terminal: Terminal) -> Exit {
    let message = if left_out.is_empty() {
        "these runs have no quantity in common".to_string()
    } else {
        format!(
            "these runs have nothing to compare; {}",
            left_out.join("; ")
        )
    };
    let models: Vec<&str> = members
        .iter()
        .flat_map(|runs| {
            runs.loaded
                .scenario
                .arms
                .iter()
                .map(|arm| arm.model_path.as_str())
        })
        .collect();
    let hint = match models.first() {
        Some(model) => format!(
            "`--select IDS` compares what no scenario observes; `insilin list observables {model}` shows what there is"
        ),
        None => "`--select IDS` compares what no scenario observes".to_string(),
    };
    terminal.failure("cli/nothing-in-common", &message, &hint);
    Exit::Input
}
