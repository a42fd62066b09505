//! A meal by the grams of its nutrients.

use crate::diag::{Diagnostic, Span};

use super::super::super::contract::contract;
use super::super::super::raw::{At, Scalar};
use super::chance::Number;
use super::items::Reader;
use super::meals::{
    Course, ENERGY, FAST, FIBRE, GLUCOSE, MONOUNSATURATED, OMEGA3, POLYUNSATURATED, PROTEIN,
    SATURATED, SLOW, STREAMS, Streams, one, with_energy,
};
use super::numbers::{Kind, unit};

/// Kinds of fat with their places.
const FATS: [(&str, usize); 3] = [
    ("saturated", SATURATED),
    ("monounsaturated", MONOUNSATURATED),
    ("polyunsaturated", POLYUNSATURATED),
];

impl Reader<'_, '_, '_, '_> {
    /// A meal by its grams.
    pub fn nutrients(
        &mut self,
        parts: &[(&'static str, At<Scalar>)],
        span: Span,
    ) -> Option<Course> {
        let mut numbers: Vec<(&str, Number)> = Vec::new();
        let mut complete = true;
        for (part, value) in parts {
            match self.nutrient(part, value) {
                Some(number) => numbers.push((part, number)),
                None => complete = false,
            }
        }
        if !complete {
            return None;
        }
        let get = |part: &str| {
            let found = numbers.iter().find(|(name, _)| *name == part);
            found.map(|(_, number)| *number)
        };
        self.fat_fits(&get, span)?;
        let mut items = Vec::new();
        let mut add = |number: Option<Number>, streams: Streams| {
            items.extend(number.map(|number| (number, streams)));
        };
        add(
            get("carbohydrate"),
            carbohydrate(get("gi").map(|gi| gi.mean)),
        );
        add(get("fibre"), one(FIBRE));
        add(get("protein"), one(PROTEIN));
        for (kind, place) in FATS {
            add(get(kind), one(place));
        }
        if let Some(rest) = self.untold_fat(&get, span) {
            add(get("fat"), rest);
        }
        add(get("omega3"), one(OMEGA3));
        match get("energy") {
            Some(energy) => items.push((energy, one(ENERGY))),
            None => items
                .iter_mut()
                .for_each(|(_, streams)| *streams = with_energy(*streams)),
        }
        self.with_food(Course::new(items), span)
    }

    /// What one gram of fat is of the kinds that are not told, where some of it is left for them.
    fn untold_fat(&mut self, get: &dyn Fn(&str) -> Option<Number>, span: Span) -> Option<Streams> {
        let fat = get("fat")?.mean;
        let told = FATS.iter().filter_map(|(kind, _)| get(kind));
        let told: f64 = told.map(|number| number.mean).sum();
        let untold: Vec<usize> = FATS
            .into_iter()
            .filter(|(kind, _)| get(kind).is_none())
            .map(|(_, place)| place)
            .collect();
        if untold.is_empty() || fat <= told {
            return None;
        }
        self.tell_fat(untold.len(), span);
        let mut rest = Streams::default();
        for &place in &untold {
            rest[place] = (1.0 - told / fat) / untold.len() as f64;
        }
        Some(rest)
    }

    fn nutrient(&mut self, part: &str, value: &At<Scalar>) -> Option<Number> {
        let limit = |name: &str| contract().inputs[name].limit;
        let kind = match part {
            "gi" => Kind {
                of: part,
                unit: unit("1"),
                unit_text: "",
                bounds: (0.0, 150.0),
                share_of: None,
            },
            "energy" => Kind {
                of: part,
                unit: unit("kJ"),
                unit_text: "kJ",
                bounds: limit("meal_energy"),
                share_of: None,
            },
            _ => Kind {
                bounds: match part {
                    "carbohydrate" => limit("meal_carbohydrate_fast"),
                    "fibre" => limit("meal_fibre"),
                    "protein" => limit("meal_protein"),
                    "omega3" => limit("meal_omega3"),
                    _ => limit("meal_fat_saturated"),
                },
                ..grams_of(part)
            },
        };
        match part {
            "gi" => self.fixed(value, &kind),
            _ => self.number(value, &kind),
        }
    }

    /// Parts of the fat are no more than the fat.
    fn fat_fits(&mut self, get: &dyn Fn(&str) -> Option<Number>, span: Span) -> Option<()> {
        let mean = |part: &str| get(part).map_or(0.0, |number| number.mean);
        let kinds = mean("saturated") + mean("monounsaturated") + mean("polyunsaturated");
        let omega3 = mean("omega3");
        let wrong = if get("fat").is_some_and(|fat| kinds > fat.mean * (1.0 + 1e-9)) {
            "the kinds of fat are more than the fat"
        } else if get("polyunsaturated").is_some_and(|poly| omega3 > poly.mean * (1.0 + 1e-9)) {
            "omega-3 is a part of the polyunsaturated fat and cannot be more"
        } else {
            return Some(());
        };
        let found = Diagnostic::error("scenario/meal", wrong).at(span);
        self.context
            .findings
            .push(found.hint("`fat` is all of it, the others are its parts"));
        None
    }

    /// Says that the kinds of a fat were not told, where the model takes any of them.
    fn tell_fat(&mut self, unsaid: usize, span: Span) {
        let inputs = &self.context.inputs.inputs;
        let taken = STREAMS[SATURATED..=POLYUNSATURATED]
            .iter()
            .any(|name| inputs.contains_key(*name));
        if taken {
            let share = ["all of it", "half of it each", "a third of it each"][unsaid - 1];
            let message = format!("the kinds of fat that are not told are taken as {share}");
            let found = Diagnostic::note("scenario/fat", message).at(span);
            self.context.findings.push(found.hint(
                "write `saturated`, `monounsaturated` and `polyunsaturated` where they are known",
            ));
        }
    }
}

/// Grams of something.
pub(super) fn grams_of(of: &str) -> Kind<'_> {
    Kind {
        of,
        unit: unit("g"),
        unit_text: "g",
        bounds: (0.0, 5000.0),
        share_of: None,
    }
}

/// One gram of available carbohydrate; without a glycaemic index nothing is known of its speed.
fn carbohydrate(gi: Option<f64>) -> Streams {
    let mut streams = Streams::default();
    match gi {
        None => streams[GLUCOSE] = 1.0,
        Some(gi) => {
            streams[FAST] = (gi / 100.0).min(1.0);
            streams[SLOW] = 1.0 - streams[FAST];
        }
    }
    streams
}
