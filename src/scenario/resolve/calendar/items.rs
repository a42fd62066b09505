//! From entries as written to entries that are ready to be repeated.

use crate::diag::{Diagnostic, Span, did_you_mean};

use super::super::super::MarkKind;
use super::super::super::contract::{Agreed, contract};
use super::super::super::raw::calendar::{DIET, Days, Doing, Item, Size};
use super::super::super::raw::{self, At, Scalar, suggestion};
use super::super::context::Context;
use super::super::models::Library;
use super::Written;
use super::chance::{Number, named};
use super::days::{self, Choice, Phases};
use super::effort::Fitness;
use super::numbers::{self, Kind};
use super::plan::{Dose, End, Hold, Planned, Start};
use super::week::Week;

/// A block within a block within a block is read; more is a circle.
const DEEPEST: usize = 4;

/// Reads entries; what is ready is in `planned`.
pub(super) struct Reader<'r, 'a, 'w, 'f> {
    pub context: &'r mut Context<'a>,
    pub library: &'r mut Library<'w, 'f>,
    pub week: &'r Week,
    phases: &'r Phases,
    pub menus: &'r [raw::Menu],
    pub fitness: Fitness,
    pub planned: Vec<Planned>,
    first_order: usize,
    /// How many numbers of the present entry were read: each has draws of its own.
    pub numbers: u32,
}

/// Index of an input in the contract.
pub(super) fn input(name: &str) -> usize {
    let known = contract().inputs.get_index_of(name);
    known.expect("the calendar uses names of the contract, as a test shows")
}

/// An input of the contract by its index.
pub(super) fn agreed(input: usize) -> (&'static str, &'static Agreed) {
    let (name, agreed) = contract()
        .inputs
        .get_index(input)
        .expect("an index of the contract");
    (name, agreed)
}

impl<'r, 'a, 'w, 'f> Reader<'r, 'a, 'w, 'f> {
    pub fn new(
        context: &'r mut Context<'a>,
        library: &'r mut Library<'w, 'f>,
        written: &'r Written,
        (week, phases): (&'r Week, &'r Phases),
        first_order: usize,
    ) -> Self {
        Self {
            context,
            library,
            week,
            phases,
            menus: written.menus,
            fitness: Fitness::new(written.fitness),
            planned: Vec::new(),
            first_order,
            numbers: 0,
        }
    }

    /// Reads a list of entries.
    ///
    /// * `within` — what the block or phase around them says about days
    /// * `key` — of the list's random draws
    pub fn all(&mut self, items: &[Item], within: &[Choice], key: u64, depth: usize) {
        for (at, item) in items.iter().enumerate() {
            let key = match &item.name {
                Some(name) => named(key, &name.value),
                None => named(key, &format!("entry {at}")),
            };
            // Each reports its own mistakes; the others are looked at all the same.
            let _ = self.one(item, within, key, depth);
        }
    }

    fn one(&mut self, item: &Item, within: &[Choice], key: u64, depth: usize) -> Option<()> {
        self.numbers = 0;
        let choice = self.choice(&item.when.days)?;
        let choices: Vec<Choice> = within.iter().cloned().chain([choice]).collect();
        match &item.doing {
            Doing::Block { name } => return self.block(name, &choices, key, depth),
            Doing::Menu { name, size } => return self.menu(item, (name, size), &choices, key),
            _ => {}
        }
        let mut planned = Planned {
            key,
            span: item.span,
            ..Planned::default()
        };
        let done = self.what(item, &mut planned);
        let timed = self.when(item, &choices, &mut planned);
        done?;
        timed?;
        if let Some(label) = &item.label {
            planned.label.clone_from(&label.value);
        }
        self.plan(planned);
        Some(())
    }

    pub fn plan(&mut self, mut planned: Planned) {
        planned.order = self.first_order + self.planned.len();
        self.planned.push(planned);
    }

    fn choice(&mut self, written: &Days) -> Option<Choice> {
        days::choice(written, self.phases, self.week, self.context.findings)
    }

    fn block(
        &mut self,
        name: &At<String>,
        choices: &[Choice],
        key: u64,
        depth: usize,
    ) -> Option<()> {
        if depth >= DEEPEST {
            let message = format!("the block `{}` contains itself", name.value);
            let found = Diagnostic::error("scenario/block", message).at(name.span);
            self.context
                .findings
                .push(found.hint("a block may hold other blocks, but not itself"));
            return None;
        }
        let items = self.library.block(name, self.context.findings)?;
        // Nothing said about a block means all days of the run rather than once.
        let said: Vec<Choice> = choices
            .iter()
            .filter(|choice| !choice.is_once())
            .cloned()
            .collect();
        let first = self.planned.len();
        self.all(&items, &said, named(key, &name.value), depth + 1);
        for planned in &mut self.planned[first..] {
            // A short run has some of a week's entries, and that is as it should be.
            planned.may_stay_out = true;
        }
        Some(())
    }

    /// What the entry does.
    fn what(&mut self, item: &Item, planned: &mut Planned) -> Option<()> {
        match &item.doing {
            Doing::Meal { courses, order } => self.meal(courses, order, planned),
            Doing::Plate { name, size, order } => self.plate(name, size, order, planned),
            Doing::Bout { mode, effort } => self.bout(mode, effort, planned),
            Doing::Sleep { quality } => self.sleep(quality.as_ref(), planned),
            Doing::Stress { what, level, load } => {
                planned.kind = MarkKind::Stress;
                planned.label.clone_from(&what.value);
                match (level, load) {
                    (Some(level), _) => self.hold("stress_acute", "level", level, planned),
                    (_, Some(load)) => self.hold("stress_load", "load", load, planned),
                    (None, None) => None,
                }
            }
            Doing::Practice { what } => {
                planned.kind = MarkKind::Practice;
                planned.label.clone_from(&what.value);
                planned.awake = true;
                self.hold_plain("stress_practice", 1.0, planned);
                Some(())
            }
            Doing::Dose { what, amount } => self.dose(what, amount, planned),
            Doing::Infusion { what, rate } => self.infusion(what, rate, planned),
            Doing::Light { level } => {
                planned.label = format!("{} of light", shown(&level.value));
                self.hold("light", "light", level, planned)
            }
            Doing::Diet { parts } => self.diet(parts, item.span, planned),
            Doing::Mark { label, kind } => {
                planned.kind = *kind;
                planned.label.clone_from(&label.value);
                Some(())
            }
            Doing::Menu { .. } | Doing::Block { .. } => None,
        }
    }

    fn sleep(&mut self, quality: Option<&At<Scalar>>, planned: &mut Planned) -> Option<()> {
        planned.kind = MarkKind::Sleep;
        planned.label = "sleep".to_string();
        self.hold_plain("sleep_asleep", 1.0, planned);
        match quality {
            Some(quality) => self.hold("sleep_quality", "quality", quality, planned),
            None => Some(()),
        }
    }

    fn dose(
        &mut self,
        what: &At<String>,
        amount: &At<Scalar>,
        planned: &mut Planned,
    ) -> Option<()> {
        planned.kind = MarkKind::Dose;
        planned.label = format!("{} {}", shown(&amount.value), what.value);
        let name = self.substance(what, "dose", |word| {
            [
                format!("dose_{word}"),
                format!("{word}_bolus"),
                word.to_string(),
            ]
        })?;
        let amount = self.number_of(name, "amount", amount)?;
        planned.doses.push(Dose {
            input: name,
            amount,
            at_end: false,
        });
        Some(())
    }

    fn infusion(
        &mut self,
        what: &At<String>,
        rate: &At<Scalar>,
        planned: &mut Planned,
    ) -> Option<()> {
        planned.kind = MarkKind::Infusion;
        planned.label = format!("{} {}", what.value, shown(&rate.value));
        let input = self.substance(what, "infusion", |word| {
            [
                format!("{word}_infusion"),
                word.to_string(),
                word.to_string(),
            ]
        })?;
        let number = self.number_of(input, "rate", rate)?;
        planned.lane = Some(input);
        planned.holds.push(Hold {
            input,
            number,
            factor: 1.0,
            part: None,
        });
        Some(())
    }

    /// The input of the contract that gives a substance.
    fn substance(
        &mut self,
        what: &At<String>,
        kind: &str,
        names: impl Fn(&str) -> [String; 3],
    ) -> Option<usize> {
        let word = what.value.trim().to_lowercase().replace([' ', '-'], "_");
        let fits = |agreed: &Agreed, name: &str| match kind {
            "dose" => agreed.amount && !name.starts_with("meal_"),
            _ => name.ends_with("_infusion"),
        };
        let inputs = &contract().inputs;
        for name in names(&word) {
            if let Some((at, known, agreed)) = inputs.get_full(&name)
                && fits(agreed, known)
            {
                return Some(at);
            }
        }
        let known: Vec<String> = inputs
            .iter()
            .filter(|(name, agreed)| fits(agreed, name) && *name != "resistance_repetitions")
            .map(|(name, _)| plain(name))
            .collect();
        let message = format!("no {kind} of `{}` is known", what.value);
        let found = Diagnostic::error("scenario/unknown-name", message).at(what.span);
        let known: Vec<&str> = known.iter().map(String::as_str).collect();
        let hint = match did_you_mean(&plain(&word), known.iter().copied()) {
            Some(near) => format!("did you mean `{near}`?"),
            None => suggestion(&word, &known),
        };
        self.context.findings.push(found.hint(hint));
        None
    }

    fn diet(
        &mut self,
        parts: &[(&'static str, At<Scalar>)],
        span: Span,
        planned: &mut Planned,
    ) -> Option<()> {
        planned.label = "diet".to_string();
        if parts.is_empty() {
            let found = Diagnostic::error("scenario/meal", "this diet has no food").at(span);
            let hint = format!("it has {} per day", raw::listed(DIET));
            self.context.findings.push(found.hint(hint));
            return None;
        }
        for (part, value) in parts {
            self.hold(&format!("diet_{part}"), part, value, planned)?;
        }
        Some(())
    }

    /// Holds an input at a number as written; the first one that is held is the entry's lane.
    pub fn hold(
        &mut self,
        name: &str,
        of: &str,
        value: &At<Scalar>,
        planned: &mut Planned,
    ) -> Option<()> {
        let input = input(name);
        let number = self.number_of(input, of, value)?;
        planned.lane.get_or_insert(input);
        planned.holds.push(Hold {
            input,
            number,
            factor: 1.0,
            part: None,
        });
        Some(())
    }

    pub fn hold_plain(&mut self, name: &str, value: f64, planned: &mut Planned) {
        let input = input(name);
        planned.lane.get_or_insert(input);
        planned.holds.push(Hold {
            input,
            number: Number::plain(value),
            factor: 1.0,
            part: None,
        });
    }

    /// A number for an input of the contract, in its unit and within its limits.
    pub fn number_of(&mut self, input: usize, of: &str, value: &At<Scalar>) -> Option<Number> {
        let (_, agreed) = agreed(input);
        self.number(
            value,
            &Kind {
                of,
                unit: agreed.unit,
                unit_text: &agreed.unit_text,
                bounds: agreed.limit,
                share_of: None,
            },
        )
    }

    pub fn number(&mut self, value: &At<Scalar>, kind: &Kind) -> Option<Number> {
        self.numbers += 1;
        numbers::read(value, kind, self.numbers, self.context.findings)
    }

    /// A number that cannot vary, because others are made of it; reports where it is said to.
    pub fn fixed(&mut self, value: &At<Scalar>, kind: &Kind) -> Option<Number> {
        let number = self.number(value, kind)?;
        if number.sd == 0.0 {
            return Some(number);
        }
        let message = format!("`{}` cannot vary", kind.of);
        let found = Diagnostic::error("scenario/variation", message).at(value.span);
        self.context
            .findings
            .push(found.hint("leave the `±` out, and vary what is counted or weighed instead"));
        None
    }

    pub fn length(&mut self, value: &At<Scalar>, of: &str) -> Option<Number> {
        self.numbers += 1;
        numbers::length(value, of, self.numbers, self.context.findings)
    }

    /// A day's menu: each of its meals is an entry of its own.
    fn menu(
        &mut self,
        item: &Item,
        (name, size): (&At<String>, &Size),
        choices: &[Choice],
        key: u64,
    ) -> Option<()> {
        let meals = self.meals_of(name)?;
        let portions: Vec<_> = meals.iter().map(|meal| meal.course.clone()).collect();
        let size = self.size(size, &portions, item.span)?;
        let once = choices.iter().all(Choice::is_once);
        let days = if once {
            vec![self.day_of_menu(meals.first()?.clock, meals.last()?.clock)]
        } else {
            days::chosen(choices, self.week, false)
        };
        let label = item.label.as_ref().map(|label| label.value.clone());
        for (at, meal) in meals.into_iter().enumerate() {
            let mut course = meal.course;
            course.size = size;
            let streams = course.mean();
            self.check_streams(&streams, item.span)?;
            self.plan(Planned {
                // One key for the day: all of its meals are larger or smaller together.
                key,
                span: item.span,
                label: label.clone().unwrap_or(meal.title),
                kind: MarkKind::Meal,
                awake: true,
                // The first day of a run may begin behind breakfast.
                may_stay_out: at > 0 || once,
                days: days.clone(),
                start: Start::Clock(Number::plain(meal.clock)),
                end: End::Instant,
                courses: vec![course],
                ..Planned::default()
            });
        }
        Some(())
    }

    /// The first day that has the whole menu; else the one on which the run begins.
    fn day_of_menu(&self, first: f64, last: f64) -> i32 {
        let (begin, week) = (self.week.days.0, self.week);
        let whole = begin + i32::from(week.at(begin, first) < week.run.0);
        if week.at(whole, last) < week.run.1 {
            whole
        } else {
            begin
        }
    }
}

/// A number as written, without its variation.
pub(super) fn shown(scalar: &Scalar) -> String {
    let text = scalar.shown();
    numbers::split(&text).0.to_string()
}

/// `growth hormone` for `dose_growth_hormone`.
fn plain(name: &str) -> String {
    let name = name.strip_prefix("dose_").unwrap_or(name);
    let name = name.strip_suffix("_infusion").unwrap_or(name);
    name.replace('_', " ")
}
