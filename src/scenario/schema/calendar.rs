//! Entries of a calendar: what the person does, when, and on which days.

use schemars::JsonSchema;

use super::Quantity;
use super::protocol::MarkKind;

/// An entry of a calendar; its first key says what is done.
#[derive(JsonSchema)]
#[schemars(untagged)]
pub(super) enum CalendarEntry {
    Meal(Meal),
    Courses(Courses),
    Plate(Plate),
    Menu(MenuOfDay),
    Bout(Bout),
    Sleep(Sleep),
    Stress(Stress),
    Practice(Practice),
    Dose(Dose),
    Infusion(Infusion),
    Light(Light),
    Diet(Diet),
    Mark(Mark),
    Block(Block),
}

/// On which days; without any of them once, the first time that fits into the run.
#[derive(JsonSchema)]
struct Days {
    /// `every day`, `weekdays`, `weekends`, `mon,thu`, `every 3rd day`, `every 2nd week`.
    repeat: Option<String>,
    /// Days of the run, from 1: `"1-84"`, `"1,8,15"`.
    days: Option<Quantity>,
    /// Weeks of the run, from 1: `"2-12"`.
    weeks: Option<Quantity>,
    /// Only in the phase of this name.
    phase: Option<String>,
}

/// What every entry but a block may say.
#[derive(JsonSchema)]
struct Words {
    /// What figures write beside it.
    label: Option<String>,
    /// Names its random draws.
    name: Option<String>,
    #[schemars(flatten)]
    days: Days,
}

/// When something happens at one time.
#[derive(JsonSchema)]
struct Instant {
    /// A clock, `"07:30"`, or a time from the start.
    at: Option<Quantity>,
    /// The same as `at`.
    from: Option<Quantity>,
    #[schemars(flatten)]
    words: Words,
}

/// From when to when something lasts.
#[derive(JsonSchema)]
struct Interval {
    #[schemars(flatten)]
    instant: Instant,
    /// How long.
    #[schemars(rename = "for")]
    length: Option<Quantity>,
    /// Until when: a clock is the next such time.
    to: Option<Quantity>,
}

/// In which order the parts of a meal are eaten.
#[derive(JsonSchema)]
enum Order {
    #[schemars(rename = "carbohydrate last")]
    CarbohydrateLast,
    #[schemars(rename = "carbohydrate first")]
    CarbohydrateFirst,
}

#[derive(JsonSchema)]
struct Eaten {
    order: Option<Order>,
    /// Time between the parts.
    gap: Option<Quantity>,
}

/// What is eaten together: glucose, foods by name, or nutrients by grams.
#[derive(JsonSchema)]
#[schemars(untagged)]
enum Course {
    Nutrients(Box<Nutrients>),
    /// `"180 g boiled lentils"`: `insilin list foods`.
    Foods(Vec<String>),
    Glucose(Quantity),
}

/// Grams of each nutrient.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct Nutrients {
    /// Available carbohydrate.
    carbohydrate: Option<Quantity>,
    /// Glycaemic index, glucose = 100.
    gi: Option<Quantity>,
    fibre: Option<Quantity>,
    protein: Option<Quantity>,
    fat: Option<Quantity>,
    saturated: Option<Quantity>,
    monounsaturated: Option<Quantity>,
    /// Omega-3 included.
    polyunsaturated: Option<Quantity>,
    omega3: Option<Quantity>,
    energy: Option<Quantity>,
}

/// A meal.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Meal {
    meal: Course,
    #[schemars(flatten)]
    eaten: Eaten,
    #[schemars(flatten)]
    when: Instant,
}

/// A meal whose courses are eaten one after the other.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Courses {
    courses: Vec<Course>,
    /// Time between the courses.
    gap: Option<Quantity>,
    #[schemars(flatten)]
    when: Instant,
}

/// A plate: `insilin list plates`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Plate {
    plate: String,
    #[schemars(flatten)]
    size: Size,
    #[schemars(flatten)]
    eaten: Eaten,
    #[schemars(flatten)]
    when: Instant,
}

/// How much of it: to an energy, or so many times.
#[derive(JsonSchema)]
struct Size {
    energy: Option<Quantity>,
    scale: Option<Quantity>,
}

/// A day's meals: `insilin list menus`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct MenuOfDay {
    menu: String,
    #[schemars(flatten)]
    size: Size,
    #[schemars(flatten)]
    words: Words,
}

/// Exercise: steady by `met` or `intensity`, resistance by sets, or intervals by rounds.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Bout {
    bout: Mode,
    /// Multiple of the metabolic rate at rest.
    met: Option<Quantity>,
    /// `"65 %VO2max"`.
    intensity: Option<Quantity>,
    sets: Option<Quantity>,
    repetitions: Option<Quantity>,
    /// `"72 %1RM"`.
    load: Option<Quantity>,
    exercises: Option<Quantity>,
    /// How many intervals.
    rounds: Option<f64>,
    /// How long one hard part is.
    work: Option<Quantity>,
    work_intensity: Option<Quantity>,
    /// How long one easy part is.
    rest: Option<Quantity>,
    rest_intensity: Option<Quantity>,
    warm_up: Option<Quantity>,
    cool_down: Option<Quantity>,
    #[schemars(flatten)]
    when: Interval,
}

#[derive(JsonSchema)]
#[schemars(rename_all = "kebab-case")]
enum Mode {
    Walk,
    Run,
    Cycle,
    Swim,
    Resistance,
    Other,
}

/// A night, or a nap.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Sleep {
    /// When it begins.
    sleep: Quantity,
    /// 1 undisturbed, 0 as if there were none.
    quality: Option<Quantity>,
    #[schemars(rename = "for")]
    length: Option<Quantity>,
    /// When it ends.
    to: Option<Quantity>,
    #[schemars(flatten)]
    words: Words,
}

/// A stressor: `level` for an acute one, `load` for a chronic one.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Stress {
    /// What it is.
    stress: String,
    /// 0 to 1.
    level: Option<Quantity>,
    /// As a multiple of the usual daily load.
    load: Option<Quantity>,
    #[schemars(flatten)]
    when: Interval,
}

/// Practice against stress.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Practice {
    /// What it is.
    practice: String,
    #[schemars(flatten)]
    when: Interval,
}

/// A hormone or drug given at once.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Dose {
    /// Of what.
    dose: String,
    amount: Quantity,
    #[schemars(flatten)]
    when: Instant,
}

/// Something that runs into a vein.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Infusion {
    /// Of what.
    infusion: String,
    rate: Quantity,
    #[schemars(flatten)]
    when: Interval,
}

/// Light, in lux.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Light {
    light: Quantity,
    #[schemars(flatten)]
    when: Interval,
}

/// What is eaten per day, for models that know no meals.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Diet {
    diet: DietParts,
    #[schemars(flatten)]
    when: Interval,
}

/// Per day.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct DietParts {
    energy: Option<Quantity>,
    carbohydrate: Option<Quantity>,
    fat: Option<Quantity>,
    protein: Option<Quantity>,
    sodium: Option<Quantity>,
}

/// Words for the figures; changes nothing.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Mark {
    mark: String,
    kind: Option<MarkKind>,
    #[schemars(flatten)]
    when: Interval,
}

/// Entries of a file below `blocks/`: `insilin list blocks`.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Block {
    block: String,
    #[schemars(flatten)]
    days: Days,
}

/// A stretch of days with a name.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Phase {
    name: String,
    days: Option<Quantity>,
    weeks: Option<Quantity>,
    /// What happens in this phase only.
    calendar: Option<Vec<CalendarEntry>>,
}

/// A day's meals with a name.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
pub(super) struct Menu {
    name: String,
    title: Option<String>,
    meals: Vec<MenuMeal>,
}

/// One of them: a plate, or foods.
#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
struct MenuMeal {
    title: Option<String>,
    /// The clock.
    at: Quantity,
    plate: Option<String>,
    items: Option<Vec<String>>,
}
