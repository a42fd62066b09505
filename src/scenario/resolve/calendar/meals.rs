//! Meals as streams of the contract: foods, nutrients by the gram, plates and menus, and the order of eating.

use crate::diag::{Diagnostic, Span};

use super::super::super::MarkKind;
use super::super::super::contract::contract;
use super::super::super::foods::{Food, Nutrients, Portion};
use super::super::super::raw::calendar::{self as written, Order, Size};
use super::super::super::raw::{self, At, Scalar, suggestion};
use super::chance::Number;
use super::items::{Reader, input, shown};
use super::moments::clock_minutes;
use super::numbers::{self, Kind, unit};
use super::nutrients::grams_of;
use super::pantry;
use super::plan::{End, Planned};

/// The contract's inputs that a meal gives, in its order.
pub(super) const STREAMS: [&str; 10] = [
    "meal_glucose",
    "meal_carbohydrate_fast",
    "meal_carbohydrate_slow",
    "meal_fibre",
    "meal_protein",
    "meal_fat_saturated",
    "meal_fat_monounsaturated",
    "meal_fat_polyunsaturated",
    "meal_omega3",
    "meal_energy",
];

/// Amounts of them, in the contract's units.
pub(super) type Streams = [f64; STREAMS.len()];

/// Places in [`Streams`].
pub(super) const GLUCOSE: usize = 0;
pub(super) const FAST: usize = 1;
pub(super) const SLOW: usize = 2;
pub(super) const FIBRE: usize = 3;
pub(super) const PROTEIN: usize = 4;
pub(super) const SATURATED: usize = 5;
pub(super) const MONOUNSATURATED: usize = 6;
pub(super) const POLYUNSATURATED: usize = 7;
pub(super) const OMEGA3: usize = 8;
pub(super) const ENERGY: usize = 9;

/// Energy of 1 g, kJ: Regulation (EU) No 1169/2011, annex XIV.
const KJ: [(usize, f64); 7] = [
    (GLUCOSE, 17.0),
    (FAST, 17.0),
    (SLOW, 17.0),
    (FIBRE, 8.0),
    (PROTEIN, 17.0),
    (SATURATED, 37.0),
    (MONOUNSATURATED, 37.0),
];

/// What is eaten at once.
#[derive(Clone, Debug)]
pub(super) struct Course {
    /// How many gaps after the beginning of the meal.
    pub gaps: u32,
    /// Length of a gap, minutes.
    pub gap: Number,
    /// Numbers as written, each with the streams of one of it.
    pub items: Vec<(Number, Streams)>,
    /// What all of it is multiplied by: a number as written, and the size of one of it.
    pub size: (Number, f64),
}

impl Course {
    pub fn new(items: Vec<(Number, Streams)>) -> Self {
        Self {
            gaps: 0,
            gap: Number::plain(0.0),
            items,
            size: (Number::plain(1.0), 1.0),
        }
    }

    /// What is eaten on a day.
    pub fn on(&self, key: u64, day: i32) -> Streams {
        self.sum(|number| number.on(key, day))
    }

    /// What is eaten when nothing varies.
    pub fn mean(&self) -> Streams {
        self.sum(|number| number.mean)
    }

    fn sum(&self, value: impl Fn(&Number) -> f64) -> Streams {
        let size = value(&self.size.0) * self.size.1;
        let mut sum = Streams::default();
        for (number, one) in &self.items {
            let count = value(number) * size;
            for (sum, one) in sum.iter_mut().zip(one) {
                *sum += count * one;
            }
        }
        sum
    }
}

/// A meal of a menu.
pub(super) struct MenuMeal {
    /// Minutes after midnight.
    pub clock: f64,
    pub title: String,
    pub course: Course,
}

/// Which part of a meal is eaten last.
#[derive(Clone, Copy, PartialEq)]
enum Last {
    Carbohydrate,
    TheRest,
}

const ORDERS: [(&str, Last); 2] = [
    ("carbohydrate last", Last::Carbohydrate),
    ("carbohydrate first", Last::TheRest),
];

/// Minutes between courses when nothing is said: the pause of Shukla et al. 2015, Diabetes Care 38:e98–e99.
const USUAL_GAP: f64 = 10.0;

impl Reader<'_, '_, '_, '_> {
    pub fn meal(
        &mut self,
        courses: &[written::Course],
        order: &Order,
        planned: &mut Planned,
    ) -> Option<()> {
        planned.kind = MarkKind::Meal;
        planned.awake = true;
        planned.end = End::Instant;
        let mut labels = Vec::new();
        let mut read = Vec::new();
        let mut complete = true;
        for course in courses {
            match self.course(course, &mut labels) {
                Some(course) => read.push(course),
                None => complete = false,
            }
        }
        planned.label = labels.join(", ");
        if !complete {
            return None;
        }
        self.courses(read, order, planned)
    }

    pub fn plate(
        &mut self,
        name: &At<String>,
        size: &Size,
        order: &Order,
        planned: &mut Planned,
    ) -> Option<()> {
        planned.kind = MarkKind::Meal;
        planned.awake = true;
        let (title, items) = self.plate_called(name)?;
        planned.label = title;
        let mut course = self.portions(&items, name.span)?;
        course.size = self.size(size, std::slice::from_ref(&course), name.span)?;
        self.courses(vec![course], order, planned)
    }

    fn plate_called(&mut self, name: &At<String>) -> Option<(String, Vec<Portion>)> {
        let plates = pantry::plates(self.library, name.span, self.context.findings);
        let Some(plate) = plates.get(&name.value) else {
            self.context
                .findings
                .push(plates.unknown(&name.value, name.span));
            return None;
        };
        Some((plate.title.clone(), plate.items.clone()))
    }

    /// Courses in their order, each with its time.
    fn courses(
        &mut self,
        mut courses: Vec<Course>,
        order: &Order,
        planned: &mut Planned,
    ) -> Option<()> {
        if let Some(order) = &order.order {
            let last = self.order(order)?;
            courses = courses
                .into_iter()
                .flat_map(|course| apart(&course, last))
                .collect();
        }
        let gap = match &order.gap {
            Some(gap) => self.length(gap, "gap")?,
            None => Number::plain(USUAL_GAP),
        };
        let mut all = Streams::default();
        for (at, course) in courses.iter_mut().enumerate() {
            course.gaps = at as u32;
            course.gap = gap;
            let mean = course.mean();
            all.iter_mut()
                .zip(mean)
                .for_each(|(sum, more)| *sum += more);
        }
        self.check_streams(&all, planned.span)?;
        planned.courses = courses;
        Some(())
    }

    fn order(&mut self, order: &At<String>) -> Option<Last> {
        let known = ORDERS.iter().find(|(word, _)| *word == order.value);
        if known.is_none() {
            let words: Vec<&str> = ORDERS.iter().map(|(word, _)| *word).collect();
            let message = format!("`order` cannot be `{}`", order.value);
            let found = Diagnostic::error("scenario/unknown-word", message).at(order.span);
            let hint = suggestion(&order.value, &words);
            self.context
                .findings
                .push(found.hint(format!("{hint}; other orders are written as `courses`")));
        }
        known.map(|(_, last)| *last)
    }

    fn course(&mut self, course: &written::Course, labels: &mut Vec<String>) -> Option<Course> {
        match course {
            written::Course::Glucose(amount) => {
                labels.push(format!("{} glucose", shown(&amount.value)));
                let number = self.number_of(input(STREAMS[GLUCOSE]), "meal", amount)?;
                let items = vec![(number, with_energy(one(GLUCOSE)))];
                self.with_food(Course::new(items), amount.span)
            }
            written::Course::Foods(foods, span) => {
                labels.extend(
                    foods
                        .iter()
                        .map(|food| numbers::split(&food.value).0.to_string()),
                );
                self.foods(foods, *span)
            }
            written::Course::Nutrients(parts, span) => {
                labels.push("meal".to_string());
                self.nutrients(parts, *span)
            }
        }
    }

    /// A meal of nothing is none.
    pub fn with_food(&mut self, course: Course, span: Span) -> Option<Course> {
        if course.mean().iter().all(|stream| *stream == 0.0) {
            let found = Diagnostic::error("scenario/meal", "this meal has no food").at(span);
            self.context.findings.push(found.hint(
                "foods: `meal = [\"180 g boiled lentils\"]`, or grams: `meal = { carbohydrate = \"50 g\", gi = 70 }`",
            ));
            return None;
        }
        Some(course)
    }

    fn foods(&mut self, written: &[At<String>], span: Span) -> Option<Course> {
        let foods = pantry::foods(self.library, span, self.context.findings);
        let mut items = Vec::new();
        let mut complete = true;
        for text in written {
            let (mean, spread) = numbers::split(&text.value);
            let portion = match foods.portion(mean, text.span) {
                Ok(portion) => portion,
                Err(found) => {
                    self.context.findings.push(*found);
                    complete = false;
                    continue;
                }
            };
            // The variation is that of the grams, read as any other number.
            let grams = match spread {
                Some(spread) => format!("{} g ± {spread}", portion.grams),
                None => format!("{} g", portion.grams),
            };
            let grams = At {
                value: Scalar::Text(grams),
                span: text.span,
            };
            let food = foods.get(&portion.food)?;
            match self.number(&grams, &grams_of("portion")) {
                Some(number) => items.push((number, of_food(food))),
                None => complete = false,
            }
        }
        if !complete {
            return None;
        }
        self.with_food(Course::new(items), span)
    }

    /// Portions of a plate or a menu.
    fn portions(&mut self, portions: &[Portion], span: Span) -> Option<Course> {
        let foods = pantry::foods(self.library, span, self.context.findings);
        let item = |portion: &Portion| {
            let food = foods.get(&portion.food)?;
            Some((Number::plain(portion.grams), of_food(food)))
        };
        self.with_food(
            Course::new(portions.iter().filter_map(item).collect()),
            span,
        )
    }

    /// How large a plate or a menu is made.
    pub fn size(&mut self, size: &Size, courses: &[Course], span: Span) -> Option<(Number, f64)> {
        match size {
            Size::AsItIs => Some((Number::plain(1.0), 1.0)),
            Size::Scale(scale) => {
                let kind = Kind {
                    of: "scale",
                    unit: unit("1"),
                    unit_text: "",
                    bounds: (0.0, 100.0),
                    share_of: None,
                };
                Some((self.number(scale, &kind)?, 1.0))
            }
            Size::Energy(energy) => {
                let kind = Kind {
                    of: "energy",
                    unit: unit("kJ"),
                    unit_text: "kJ",
                    bounds: (0.0, 100_000.0),
                    share_of: None,
                };
                let energy = self.number(energy, &kind)?;
                let own: f64 = courses.iter().map(|course| course.mean()[ENERGY]).sum();
                if own <= 0.0 {
                    let message = "what has no energy cannot be made to an energy";
                    let found = Diagnostic::error("scenario/meal", message).at(span);
                    self.context.findings.push(found.hint("use `scale`"));
                    return None;
                }
                Some((energy, 1.0 / own))
            }
        }
    }

    /// The meals of a menu: the scenario's own, else the shipped one of that name.
    pub fn meals_of(&mut self, name: &At<String>) -> Option<Vec<MenuMeal>> {
        if let Some(own) = self.menus.iter().find(|menu| menu.name.value == name.value) {
            let mut meals = Vec::new();
            for meal in &own.meals {
                meals.push(self.own_meal(meal)?);
            }
            meals.sort_by(|a, b| a.clock.total_cmp(&b.clock));
            if meals.is_empty() {
                let found = Diagnostic::error("scenario/meal", "this menu has no meal");
                let example = "meals = [{ at = \"07:30\", items = [\"60 g dry rolled oats\"] }]";
                self.context
                    .findings
                    .push(found.at(own.span).hint(format!("for example `{example}`")));
                return None;
            }
            return Some(meals);
        }
        let menus = pantry::menus(self.library, name.span, self.context.findings);
        let Some(menu) = menus.get(&name.value) else {
            self.context
                .findings
                .push(menus.unknown(&name.value, name.span));
            return None;
        };
        let mut meals = Vec::new();
        for meal in &menu.meals {
            meals.push(MenuMeal {
                clock: meal.clock_min,
                title: meal.title.clone(),
                course: self.portions(&meal.items, name.span)?,
            });
        }
        (!meals.is_empty()).then_some(meals)
    }

    fn own_meal(&mut self, meal: &raw::MenuMeal) -> Option<MenuMeal> {
        let Some(clock) = clock_minutes(&meal.at.value.shown()).filter(|clock| *clock < 1440.0)
        else {
            let message = format!("`{}` is no clock time", meal.at.value.shown());
            let found = Diagnostic::error("scenario/clock", message).at(meal.at.span);
            self.context
                .findings
                .push(found.hint("for example `at = \"12:30\"`"));
            return None;
        };
        let (title, course) = match (&meal.plate, &meal.items) {
            (Some(plate), _) => {
                let (title, items) = self.plate_called(plate)?;
                (title, self.portions(&items, plate.span)?)
            }
            (None, items) => {
                let items = items.as_deref().unwrap_or_default();
                ("meal".to_string(), self.foods(items, meal.span)?)
            }
        };
        Some(MenuMeal {
            clock,
            title: meal
                .title
                .as_ref()
                .map_or(title, |title| title.value.clone()),
            course,
        })
    }

    /// A meal beyond what can be eaten is a mistake, one beyond what people eat is worth a word.
    pub fn check_streams(&mut self, streams: &Streams, span: Span) -> Option<()> {
        let fat: f64 = streams[SATURATED..=POLYUNSATURATED].iter().sum();
        let most_fat = contract().inputs[STREAMS[SATURATED]].limit.1;
        let named = STREAMS.iter().zip(streams);
        let with_limits = named.map(|(name, amount)| {
            let agreed = &contract().inputs[*name];
            (*name, *amount, agreed.limit.1, agreed.unit_text.as_str())
        });
        let all = with_limits.chain([("fat", fat, most_fat, "g")]);
        for (name, amount, most, unit) in all {
            if amount > most {
                let message = format!("a meal of {amount:.0} {unit} of `{name}` cannot be eaten");
                let found = Diagnostic::error("scenario/limit", message).at(span);
                self.context
                    .findings
                    .push(found.hint(format!("at most {most} {unit}")));
                return None;
            }
        }
        self.warn_large(streams, span);
        Some(())
    }

    fn warn_large(&mut self, streams: &Streams, span: Span) {
        for (name, amount) in STREAMS.iter().zip(streams) {
            let agreed = &contract().inputs[*name];
            let most = agreed.range.1;
            let taken = self.context.inputs.inputs.contains_key(*name);
            if *amount > most && taken {
                let unit = &agreed.unit_text;
                let message =
                    format!("a meal of {amount:.0} {unit} of `{name}` is unusually large");
                let found = Diagnostic::warning("scenario/range", message).at(span);
                self.context
                    .findings
                    .push(found.hint(format!("people eat up to {most} {unit}")));
            }
        }
    }
}

/// One gram of one stream.
pub(super) fn one(place: usize) -> Streams {
    let mut streams = Streams::default();
    streams[place] = 1.0;
    streams
}

/// The streams with the energy that follows from them.
pub(super) fn with_energy(mut streams: Streams) -> Streams {
    let polyunsaturated = 37.0 * streams[POLYUNSATURATED];
    let others: f64 = KJ.iter().map(|(place, kj)| kj * streams[*place]).sum();
    streams[ENERGY] = others + polyunsaturated;
    streams
}

/// One gram of a food.
fn of_food(food: &Food) -> Streams {
    let mut sum = Nutrients::default();
    sum.add(food, 1.0);
    [
        0.0,
        sum.carbohydrate_fast,
        sum.carbohydrate_slow,
        sum.fibre,
        sum.protein,
        sum.saturated,
        sum.monounsaturated,
        sum.polyunsaturated,
        sum.omega3,
        sum.energy_kj,
    ]
}

/// A course as two, the one that is eaten last behind.
fn apart(course: &Course, last: Last) -> Vec<Course> {
    let (starchy, rest): (Vec<_>, Vec<_>) = course
        .items
        .iter()
        .partition(|(_, streams)| is_carbohydrate(streams));
    let part = |items: Vec<(Number, Streams)>| Course {
        items,
        ..course.clone()
    };
    let (first, second) = match last {
        Last::Carbohydrate => (rest, starchy),
        Last::TheRest => (starchy, rest),
    };
    [first, second]
        .into_iter()
        .filter(|items| !items.is_empty())
        .map(part)
        .collect()
}

/// Whether something counts as the carbohydrate of a meal: it gives more than half of the energy and a tenth of the mass.
///
/// Bread, rice, potatoes, fruit and sweet drinks do; vegetables, nuts, milk, fish do not. Chosen by feel.
fn is_carbohydrate(one: &Streams) -> bool {
    let carbohydrate: f64 = one[GLUCOSE..=SLOW].iter().sum();
    carbohydrate > 0.08 && 17.0 * carbohydrate > 0.5 * one[ENERGY]
}
