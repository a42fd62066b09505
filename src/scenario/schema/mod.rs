//! The form of scenario files as a JSON Schema, so that editors complete and check them.
//!
//! The types mirror what the reader accepts and are never filled: the reader walks the document by hand, for the sake of
//! its messages. `tests/schema.rs` keeps the two together.
#![allow(dead_code, reason = "only the names and types of the fields are used")]

mod calendar;
mod protocol;
mod sweep;

use std::collections::BTreeMap;

use schemars::generate::SchemaSettings;
use schemars::transform::{RecursiveTransform, Transform};
use schemars::{JsonSchema, Schema, json_schema};

use calendar::{CalendarEntry, Menu, Phase};
use protocol::ProtocolEntry;
use sweep::Sweep;

/// The JSON Schema (draft 7, which editors know) of a scenario file.
pub fn scenario() -> Schema {
    let mut schema = SchemaSettings::draft07()
        .into_generator()
        .into_root_schema_for::<Scenario>();
    RecursiveTransform(without_null).transform(&mut schema);
    let expanded = json_schema!({
        "properties": { "values": { "const": "model-units" } },
        "required": ["values"],
    });
    let written = json_schema!({
        "properties": {
            "varied": false,
            "absent": false,
            "arm": { "items": { "properties": { "varied": false, "absent": false } } },
        },
    });
    schema.insert("if".to_string(), expanded.to_value());
    schema.insert("else".to_string(), written.to_value());
    schema
}

/// TOML has no null: what may be left out is left out.
fn without_null(schema: &mut Schema) {
    schema.remove("format");
    if let Some(types) = schema.get_mut("type")
        && let Some(list) = types.as_array_mut()
    {
        list.retain(|name| name != "null");
        if let [only] = list.as_slice() {
            *types = only.clone();
        }
    }
    if let Some(choices) = schema
        .get_mut("anyOf")
        .and_then(|choices| choices.as_array_mut())
    {
        choices.retain(|choice| choice.get("type").is_none_or(|name| name != "null"));
    }
}

/// A number, or a text with its unit: `"78 g"`, `"2 mg/kg/min"`. In a calendar it may vary: `"60 g ± 10 %"`.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Quantity {
    /// In the unit that is meant.
    Number(f64),
    /// With its unit.
    Text(String),
}

/// A first and a last value.
type Pair = [Quantity; 2];

/// An insilin scenario: what is done to a model, what is read off, and what should come out.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields, title = "insilin scenario")]
struct Scenario {
    /// The form of the file: 2, or 1 without calendar.
    #[schemars(range(min = 1, max = 2))]
    schema: u32,
    /// Lower-case letters, digits and hyphens; names the folder of results.
    #[schemars(regex(pattern = "^[a-z0-9][a-z0-9-]{0,99}$"))]
    name: String,
    /// One line for figures and tables.
    title: Option<String>,
    /// Longer words, printed below the table.
    note: Option<String>,
    /// Whether quantities have units or are bare numbers in the model's units.
    values: Option<Values>,
    /// Seed of what varies at random.
    seed: Option<u64>,
    #[schemars(flatten)]
    common: Common,
    /// Stretches of days with a name, for `phase = "…"` in the calendar.
    phase: Option<Vec<Phase>>,
    /// Menus of this file's own, for `{ menu = "…" }` in the calendar.
    menu: Option<Vec<Menu>>,
    /// Measured points to draw beside the curves.
    measured: Option<Vec<Measured>>,
    /// Figures to draw; without any the observed quantities are drawn.
    figure: Option<Vec<Figure>>,
    /// Numbers that should come out.
    expect: Option<Vec<Expect>>,
    /// One quantity that is given many values.
    vary: Option<Vary>,
    /// The same experiment on other models, subjects, parameters or protocols.
    arm: Option<Vec<Arm>>,
    /// Read by `insilin sweep`.
    sweep: Option<Sweep>,
}

/// What can be said for all arms or for one.
#[derive(JsonSchema)]
struct Common {
    /// Path of the model: beside the scenario, in the folder of models around it, or built in.
    model: Option<String>,
    /// Who the body belongs to: `insilin list subjects`.
    subject: Option<String>,
    /// When the run starts and ends and at which times it is written down.
    time: Option<Time>,
    /// Where the run starts from.
    initial: Option<Initial>,
    /// What is done to quantities of the model.
    protocol: Option<Vec<ProtocolEntry>>,
    /// What the person does: meals, bouts, nights, stress, doses.
    calendar: Option<Vec<CalendarEntry>>,
    /// Parameters and start values that differ from the model, each with its reason.
    parameters: Option<BTreeMap<String, Departure>>,
    /// Quantities of the model with the metrics wanted of each.
    observe: Option<BTreeMap<String, Vec<String>>>,
    /// In expanded files: the values of the varied quantity.
    varied: Option<Varied>,
    /// In expanded files: inputs that the model did not take.
    absent: Option<Vec<String>>,
}

/// One arm of the scenario.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Arm {
    /// Free words without a colon.
    label: String,
    #[schemars(flatten)]
    own: Common,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum Values {
    /// Bare numbers in the model's units, as expanded files have them.
    ModelUnits,
    /// Texts with units.
    WithUnits,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum Initial {
    /// The model's start values.
    Model,
    /// Settled under the first values of what is done.
    SteadyState,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Time {
    /// Unit of bare times in the file.
    unit: Option<String>,
    /// Start and end.
    span: Option<Pair>,
    /// Time between rows.
    every: Option<Quantity>,
    /// Instead of `every`: the times themselves, rising.
    points: Option<Vec<Quantity>>,
    /// Weekday and clock at time 0: `mon 06:00`.
    start: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Departure {
    value: Quantity,
    /// The reason.
    why: String,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Varied {
    of: String,
    values: Vec<Quantity>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Measured {
    /// Path of a CSV file of points.
    file: String,
    /// The label of the arm that it belongs to.
    arm: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Figure {
    /// Names the files: lower-case letters, digits and hyphens.
    #[schemars(regex(pattern = "^[a-z0-9][a-z0-9-]{0,99}$"))]
    name: String,
    title: Option<String>,
    /// One list of quantities per panel; of `quantity.metric` for `dose-response` and `bars`.
    panels: Vec<Vec<String>>,
    /// What it looks like; `course` when absent.
    kind: Option<FigureKind>,
    against: Option<Against>,
    /// Of a `day`: which, counted from 1.
    #[schemars(range(min = 1))]
    day: Option<u32>,
    /// Of a `week`: which, counted from 1.
    #[schemars(range(min = 1))]
    week: Option<u32>,
    /// Of a `month`: what the band around the daily mean shows.
    band: Option<DayBand>,
    /// Of a `heat` strip: what its colours span.
    scale: Option<HeatScale>,
    /// Of `small-multiples`: panels side by side.
    #[schemars(range(min = 1))]
    columns: Option<u32>,
    /// Of `small-multiples`: what has a panel of its own.
    by: Option<PanelBy>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum FigureKind {
    /// Quantities over time.
    Course,
    /// On the clock of a day.
    Day,
    /// Seven days below each other.
    Week,
    /// Daily means with the spread of each day.
    Month,
    /// The same as `month`.
    Long,
    /// Parts of a whole on top of each other.
    Stacked,
    /// Rows whose colour shows a quantity.
    Heat,
    /// A small panel for each.
    SmallMultiples,
    /// Metrics against what is varied.
    DoseResponse,
    /// Metrics beside each other.
    Bars,
}

#[derive(JsonSchema)]
enum DayBand {
    #[schemars(rename = "min-max")]
    Extremes,
    #[schemars(rename = "5-95 %")]
    Ninety,
    #[schemars(rename = "10-90 %")]
    Eighty,
    #[schemars(rename = "25-75 %")]
    Half,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum HeatScale {
    /// Each row from its lowest to its highest, or all rows together.
    Word(HeatWord),
    /// Between given ends.
    Ends(Pair),
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum HeatWord {
    Own,
    Common,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum PanelBy {
    Quantity,
    Arm,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum Against {
    Time,
    /// The varied quantity; panels then list `quantity.metric`.
    Varied,
}

/// A number that should come out: `within`, or `value` and `tolerance`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Expect {
    /// `quantity.metric`, or `arm: quantity.metric`.
    metric: String,
    /// Of which value of the varied quantity, or `half-maximal`.
    varied: Option<Quantity>,
    /// Lowest and highest value accepted.
    within: Option<Pair>,
    value: Option<Quantity>,
    /// In percent of the value, or as a quantity.
    tolerance: Option<Quantity>,
    /// Where the number comes from.
    source: String,
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Vary {
    /// The quantity.
    of: String,
    values: VaryValues,
    scale: Option<Scale>,
    /// Unit of the values in an expanded file.
    unit: Option<String>,
}

#[derive(JsonSchema)]
#[schemars(untagged)]
enum VaryValues {
    List(Vec<Quantity>),
    Range(Range),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Range {
    from: Quantity,
    to: Quantity,
    points: f64,
    scale: Option<Scale>,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum Scale {
    Linear,
    Log,
}
