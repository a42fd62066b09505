//! What there is to eat: foods with their nutrients, plates made of them, and menus of a day, as plain values.
//!
//! The texts are `foods.csv`, `plates.toml` and `menus.toml`; whoever reads a scenario brings them.

mod plates;
mod table;

pub use plates::{Course, Menu, Menus, Plate, Plates, read_menus, read_plates};
pub use table::read;

use indexmap::IndexMap;

use crate::diag::{Diagnostic, Span, did_you_mean};
use crate::units::{parse_unit, split_quantity};

/// Name of the table of foods, as sources know it.
pub const FOODS_FILE: &str = "foods.csv";
/// Name of the file of plates, as sources know it.
pub const PLATES_FILE: &str = "plates.toml";
/// Name of the file of menus, as sources know it.
pub const MENUS_FILE: &str = "menus.toml";

/// A food: nutrients per 100 g of what is eaten, in grams where no unit is in the name.
#[derive(Clone, Debug, PartialEq)]
pub struct Food {
    /// What people call it.
    pub name: String,
    /// Other names.
    pub also: Vec<String>,
    /// Kind of food, e.g. `legume`.
    pub group: String,
    /// Energy, kJ.
    pub energy_kj: f64,
    /// Available carbohydrate: without fibre.
    pub carbohydrate: f64,
    /// Sugars; none where not measured.
    pub sugars: Option<f64>,
    /// Available carbohydrate that is no sugar; none where not measured.
    pub starch: Option<f64>,
    /// Fibre.
    pub fibre: f64,
    /// Protein.
    pub protein: f64,
    /// Fat of all kinds.
    pub fat: f64,
    /// Saturated part of the fat; 0 where not known.
    pub saturated: f64,
    /// Monounsaturated part of the fat; 0 where not known.
    pub monounsaturated: f64,
    /// Polyunsaturated part of the fat, omega-3 included; 0 where not known.
    pub polyunsaturated: f64,
    /// Omega-3 part of the polyunsaturated fat; 0 where not known.
    pub omega3: f64,
    /// Glycaemic index, glucose = 100.
    pub gi: f64,
    /// How far the glycaemic index may be trusted.
    pub gi_kind: GiKind,
    /// Where the glycaemic index comes from.
    pub gi_source: String,
    /// A usual helping, g.
    pub serving: f64,
    /// Its number in the USDA National Nutrient Database for Standard Reference.
    pub ndb: String,
    /// What stands out about the row; may be empty.
    pub note: String,
}

/// How far a glycaemic index may be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GiKind {
    /// Measured, and read in the publication or a transcription of it.
    Measured,
    /// Published, but written down from memory.
    Recalled,
    /// Assumed.
    Assumed,
}

impl GiKind {
    /// The word of the table.
    pub fn word(self) -> &'static str {
        match self {
            GiKind::Measured => "measured",
            GiKind::Recalled => "recalled",
            GiKind::Assumed => "assumed",
        }
    }
}

/// All foods, found by any of their names.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Foods {
    foods: Vec<Food>,
    /// Where the food of a name stands, by [`key`].
    places: IndexMap<String, usize>,
}

/// An amount of a food.
#[derive(Clone, Debug, PartialEq)]
pub struct Portion {
    /// How much, g.
    pub grams: f64,
    /// Name of the food as the table has it.
    pub food: String,
}

/// What is in a meal, in grams but for the energy.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Nutrients {
    /// Energy, kJ.
    pub energy_kj: f64,
    /// Available carbohydrate that acts as fast as glucose: glycaemic index / 100 of it.
    pub carbohydrate_fast: f64,
    /// The rest of the available carbohydrate.
    pub carbohydrate_slow: f64,
    /// Fibre.
    pub fibre: f64,
    /// Protein.
    pub protein: f64,
    /// Fat of all kinds.
    pub fat: f64,
    /// Saturated fat.
    pub saturated: f64,
    /// Monounsaturated fat.
    pub monounsaturated: f64,
    /// Polyunsaturated fat, omega-3 included.
    pub polyunsaturated: f64,
    /// Omega-3 fat.
    pub omega3: f64,
}

/// A name with case, punctuation and the order of its words taken out: `Lentils, boiled` is `boiled lentils`.
fn key(name: &str) -> String {
    let lower = name.to_lowercase();
    let parts = lower.split(|c: char| !c.is_alphanumeric() && c != '%');
    let mut words: Vec<&str> = parts.filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words.join(" ")
}

impl Food {
    /// All of its names, the first one first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        std::iter::once(self.name.as_str()).chain(self.also.iter().map(String::as_str))
    }

    /// Whether one of its names has a word of `wanted`, itself a [`key`]; `lentils` is a word of `lentil` too.
    fn shares_a_word(&self, wanted: &str) -> bool {
        let names: Vec<String> = self.names().map(key).collect();
        let mut words = names.iter().flat_map(|name| name.split(' '));
        let bare = |word: &str| word.trim_end_matches('s').to_string();
        words.any(|word| {
            wanted
                .split(' ')
                .any(|other| !bare(other).is_empty() && bare(other) == bare(word))
        })
    }
}

impl Foods {
    /// The food of a name, whatever its case, punctuation and order of words.
    pub fn get(&self, name: &str) -> Option<&Food> {
        self.places.get(&key(name)).map(|&at| &self.foods[at])
    }

    /// All foods in the order of the table.
    pub fn iter(&self) -> std::slice::Iter<'_, Food> {
        self.foods.iter()
    }

    /// How many foods there are.
    pub fn len(&self) -> usize {
        self.foods.len()
    }

    /// Whether there is nothing to eat.
    pub fn is_empty(&self) -> bool {
        self.foods.is_empty()
    }

    /// Up to five names that `name` may mean: the nearest in letters, then those that share a word.
    pub fn near(&self, name: &str) -> Vec<&str> {
        let names = self.foods.iter().flat_map(Food::names);
        let mut near: Vec<&str> = did_you_mean(name.trim(), names).into_iter().collect();
        let wanted = key(name);
        for food in self.foods.iter().filter(|food| food.shares_a_word(&wanted)) {
            let told = near
                .iter()
                .any(|known| food.names().any(|name| name == *known));
            if near.len() < 5 && !told {
                near.push(&food.name);
            }
        }
        near
    }

    /// What to say about a name that no food has.
    pub fn unknown(&self, name: &str, span: Span) -> Diagnostic {
        let found = Diagnostic::error(
            "scenario/unknown-name",
            format!("no food is called `{name}`"),
        );
        let near: Vec<String> = self.near(name).iter().map(|n| format!("`{n}`")).collect();
        found.at(span).hint(match near.as_slice() {
            [] => "`insilin list foods` shows all; or give a meal by its grams: `{ carbohydrate = \"50 g\", gi = 70 }`"
                .to_string(),
            [one] => format!("did you mean {one}?"),
            _ => format!("near are {}", near.join(", ")),
        })
    }

    /// Reads `180 g boiled lentils` or `2 servings white bread`.
    ///
    /// # Errors
    /// What is wrong, with the place `span`.
    pub fn portion(&self, text: &str, span: Span) -> Result<Portion, Box<Diagnostic>> {
        let (amount, name) = split_portion(text).ok_or_else(|| Box::new(no_portion(text, span)))?;
        let food = self
            .get(name)
            .ok_or_else(|| Box::new(self.unknown(name, span)))?;
        let grams = match amount {
            Amount::Grams(grams) => grams,
            Amount::Servings(count) => count * food.serving,
        };
        if grams < 0.0 {
            let message = format!("`{text}` is less than nothing");
            let found = Diagnostic::error("scenario/portion", message).at(span);
            return Err(Box::new(
                found.hint("write how much is eaten: `180 g boiled lentils`"),
            ));
        }
        let food = food.name.clone();
        Ok(Portion { grams, food })
    }

    /// What is in some portions, together; those of unknown foods are left out.
    pub fn nutrients(&self, portions: &[Portion]) -> Nutrients {
        let mut sum = Nutrients::default();
        for portion in portions {
            if let Some(food) = self.get(&portion.food) {
                sum.add(food, portion.grams);
            }
        }
        sum
    }
}

/// How much of a food.
enum Amount {
    Grams(f64),
    Servings(f64),
}

/// `180 g boiled lentils` as amount and name; none when either is missing.
fn split_portion(text: &str) -> Option<(Amount, &str)> {
    let (value, rest) = split_quantity(text).ok()?;
    let (unit, name) = rest.split_once(char::is_whitespace)?;
    let name = name.trim();
    let amount = if matches!(unit, "serving" | "servings") {
        Amount::Servings(value)
    } else {
        let gram = parse_unit("g").expect("an everyday unit");
        let factor = crate::units::conversion_factor(&parse_unit(unit).ok()?, &gram)?;
        Amount::Grams(value * factor)
    };
    let name = name.strip_prefix("of ").unwrap_or(name).trim();
    (!name.is_empty()).then_some((amount, name))
}

fn no_portion(text: &str, span: Span) -> Diagnostic {
    let message = format!("`{text}` does not say how much of which food");
    let found = Diagnostic::error("scenario/portion", message).at(span);
    found.hint(
        "a mass and a food: `180 g boiled lentils`, or helpings of it: `2 servings white bread`",
    )
}

impl Nutrients {
    /// Adds `grams` of a food.
    pub fn add(&mut self, food: &Food, grams: f64) {
        let parts = grams / 100.0;
        let fast = (food.gi / 100.0).min(1.0);
        self.energy_kj += food.energy_kj * parts;
        self.carbohydrate_fast += food.carbohydrate * fast * parts;
        self.carbohydrate_slow += food.carbohydrate * (1.0 - fast) * parts;
        self.fibre += food.fibre * parts;
        self.protein += food.protein * parts;
        self.fat += food.fat * parts;
        self.saturated += food.saturated * parts;
        self.monounsaturated += food.monounsaturated * parts;
        self.polyunsaturated += food.polyunsaturated * parts;
        self.omega3 += food.omega3 * parts;
    }

    /// Available carbohydrate, g.
    pub fn carbohydrate(&self) -> f64 {
        self.carbohydrate_fast + self.carbohydrate_slow
    }

    /// Glycaemic load, g of glucose: glycaemic index × available carbohydrate / 100, summed over the foods.
    pub fn glycaemic_load(&self) -> f64 {
        self.carbohydrate_fast
    }
}

#[cfg(test)]
mod tests;
