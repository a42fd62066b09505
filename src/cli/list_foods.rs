//! `insilin list foods`, `plates`, `menus`, `blocks`, `subjects`: what a calendar can name.

use std::path::Path;

use insilin::diag::{Diagnostics, SourceFile, SourceId, SourceMap, Sources};
use insilin::render::table::{Align, Table};
use insilin::scenario::foods::{self, Course, Food, Foods, Plates, Portion};
use serde_json::{Value, json};

use super::args::{List, Listed};
use super::library::{self, BUILT_IN_PREFIX, Library};
use super::list::about;
use super::terminal::{Exit, Terminal};
use super::{Ended, load};

/// Lists foods, what is made of them, or files that a scenario names.
pub fn list(arguments: &List, library: &Library, terminal: Terminal) -> Ended {
    let (mut table, all) = match arguments.what {
        Listed::Foods => foods_listed(library, arguments.model.as_deref(), terminal)?,
        Listed::Plates => plates_listed(library, terminal)?,
        Listed::Menus => menus_listed(library, terminal)?,
        Listed::Blocks => files_listed("blocks", arguments.models.as_deref()),
        Listed::Populations => files_listed("populations", arguments.models.as_deref()),
        _ => files_listed("subjects", arguments.models.as_deref()),
    };
    if arguments.json {
        return terminal.data(&format!("{:#}\n", Value::from(all)));
    }
    if table.rows.is_empty() {
        table.push(["none"]);
    }
    terminal.data(&table.render())
}

/// A table for people and the same as data.
type Shown = (Table, Vec<Value>);

/// Everything that can be eaten.
struct Kitchen {
    sources: SourceMap,
    foods: Foods,
}

impl Kitchen {
    fn open(library: &Library, terminal: Terminal) -> Result<Self, Exit> {
        let mut kitchen = Self {
            sources: SourceMap::new(),
            foods: Foods::default(),
        };
        kitchen.foods = kitchen.read(foods::FOODS_FILE, library, terminal, foods::read)?;
        Ok(kitchen)
    }

    fn plates(&mut self, library: &Library, terminal: Terminal) -> Result<Plates, Exit> {
        let foods = self.foods.clone();
        self.read(
            foods::PLATES_FILE,
            library,
            terminal,
            |text, source, found| foods::read_plates(text, source, &foods, found),
        )
    }

    /// Reads one file, from the folder of models or from what is built in.
    fn read<T>(
        &mut self,
        name: &str,
        library: &Library,
        terminal: Terminal,
        reader: impl FnOnce(&str, SourceId, &mut Diagnostics) -> T,
    ) -> Result<T, Exit> {
        // Asked for by nobody's file, so that one of the same name in the present folder does not come between.
        let asking = format!("{BUILT_IN_PREFIX}list");
        let file = library.read(name, Some(&asking));
        let file = file.map_err(|failure| load::unreadable(name, &failure, terminal))?;
        let source = self.sources.add(file.name, file.text.clone());
        let mut findings = Diagnostics::new();
        let value = reader(&file.text, source, &mut findings);
        load::report(findings.into_result(value), &self.sources, terminal)
    }
}

fn foods_listed(library: &Library, word: Option<&str>, terminal: Terminal) -> Result<Shown, Exit> {
    let foods = Kitchen::open(library, terminal)?.foods;
    let word = word.unwrap_or_default().to_lowercase();
    let wanted = |food: &&Food| {
        let mut words = food.names().chain([food.group.as_str()]);
        words.any(|name| name.to_lowercase().contains(&word))
    };
    let mut table = Table::new(&[
        ("per 100 g", Align::Left),
        ("kind", Align::Left),
        ("kJ", Align::Point),
        ("carb. g", Align::Point),
        ("GI", Align::Point),
        ("fibre g", Align::Point),
        ("protein g", Align::Point),
        ("fat g", Align::Point),
        ("helping g", Align::Point),
    ]);
    let mut all = Vec::new();
    for food in foods.iter().filter(wanted) {
        let gi = match food.gi_kind {
            foods::GiKind::Assumed => "–".to_string(),
            _ => food.gi.to_string(),
        };
        table.push([
            &food.name,
            &food.group,
            &food.energy_kj.to_string(),
            &food.carbohydrate.to_string(),
            &gi,
            &food.fibre.to_string(),
            &food.protein.to_string(),
            &food.fat.to_string(),
            &food.serving.to_string(),
        ]);
        all.push(food_as_data(food));
    }
    Ok((table, all))
}

fn food_as_data(food: &Food) -> Value {
    json!({
        "name": food.name, "also": food.also, "group": food.group, "energy_kJ": food.energy_kj,
        "carbohydrate_g": food.carbohydrate, "sugars_g": food.sugars, "starch_g": food.starch, "fibre_g": food.fibre,
        "protein_g": food.protein, "fat_g": food.fat, "saturated_g": food.saturated,
        "monounsaturated_g": food.monounsaturated, "polyunsaturated_g": food.polyunsaturated, "omega3_g": food.omega3,
        "gi": food.gi, "gi_kind": food.gi_kind.word(), "gi_source": food.gi_source, "serving_g": food.serving,
        "ndb": food.ndb, "note": food.note,
    })
}

/// Columns that plates and menus share.
fn eaten() -> Table {
    Table::new(&[
        ("name", Align::Left),
        ("title", Align::Left),
        ("kJ", Align::Right),
        ("carb. g", Align::Right),
        ("load g", Align::Right),
        ("fibre g", Align::Right),
        ("protein g", Align::Right),
        ("fat g", Align::Right),
    ])
}

fn push_eaten(
    table: &mut Table,
    foods: &Foods,
    (name, title): (&str, &str),
    items: &[Portion],
) -> Value {
    let sum = foods.nutrients(items);
    let numbers = [
        sum.energy_kj,
        sum.carbohydrate(),
        sum.glycaemic_load(),
        sum.fibre,
        sum.protein,
        sum.fat,
    ];
    let [energy, carbohydrate, load, fibre, protein, fat] =
        numbers.map(|number| format!("{number:.0}"));
    table.push([
        name,
        title,
        &energy,
        &carbohydrate,
        &load,
        &fibre,
        &protein,
        &fat,
    ]);
    let items: Vec<String> = items
        .iter()
        .map(|portion| format!("{} g {}", portion.grams, portion.food))
        .collect();
    json!({
        "name": name, "title": title, "items": items, "energy_kJ": numbers[0], "carbohydrate_g": numbers[1],
        "glycaemic_load_g": numbers[2], "fibre_g": numbers[3], "protein_g": numbers[4], "fat_g": numbers[5],
    })
}

fn plates_listed(library: &Library, terminal: Terminal) -> Result<Shown, Exit> {
    let mut kitchen = Kitchen::open(library, terminal)?;
    let plates = kitchen.plates(library, terminal)?;
    let mut table = eaten();
    let all = plates
        .0
        .values()
        .map(|plate| {
            push_eaten(
                &mut table,
                &kitchen.foods,
                (&plate.name, &plate.title),
                &plate.items,
            )
        })
        .collect();
    Ok((table, all))
}

fn menus_listed(library: &Library, terminal: Terminal) -> Result<Shown, Exit> {
    let mut kitchen = Kitchen::open(library, terminal)?;
    let plates = kitchen.plates(library, terminal)?;
    let foods = kitchen.foods.clone();
    let menus = kitchen.read(
        foods::MENUS_FILE,
        library,
        terminal,
        |text, source, found| foods::read_menus(text, source, (&foods, &plates), found),
    )?;
    let mut table = eaten();
    let mut all = Vec::new();
    for menu in menus.0.values() {
        let whole: Vec<Portion> = menu
            .meals
            .iter()
            .flat_map(|meal| meal.items.clone())
            .collect();
        all.push(push_eaten(
            &mut table,
            &foods,
            (&menu.name, &menu.title),
            &whole,
        ));
        for meal in &menu.meals {
            push_eaten(&mut table, &foods, (&clock(meal), &meal.title), &meal.items);
        }
    }
    Ok((table, all))
}

/// The time of a meal, moved in below the name of its menu.
fn clock(meal: &Course) -> String {
    let minutes = meal.clock_min as u32;
    format!("  {:02}:{:02}", minutes / 60, minutes % 60)
}

/// Shipped files of a folder and those of a folder of models, with the first line of their heads.
fn files_listed(folder: &str, models: Option<&Path>) -> Shown {
    let inside = format!("{folder}/");
    let paths = library::built_in_paths(".toml")
        .into_iter()
        .filter(|path| path.starts_with(&inside));
    let built_in = paths.filter_map(|path| library::built_in(&path));
    let entries = models.map(|models| std::fs::read_dir(models.join(folder)));
    let mut own: Vec<_> = entries
        .into_iter()
        .flatten()
        .flatten()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    own.retain(|path| path.extension().is_some_and(|ending| ending == "toml"));
    own.sort();
    let own = own.iter().filter_map(|path| library::read_file(path).ok());
    let mut table = Table::new(&["name", "about", "origin"].map(|head| (head, Align::Left)));
    let mut all = Vec::new();
    for SourceFile { name, text } in built_in.chain(own) {
        let stem = Path::new(&name)
            .file_stem()
            .map(|stem| stem.to_string_lossy().into_owned());
        let stem = stem.unwrap_or_default();
        let origin = if name.starts_with(BUILT_IN_PREFIX) {
            "built in"
        } else {
            &name
        };
        table.push([&stem, &about(&text), origin]);
        all.push(json!({ "name": stem, "about": about(&text), "origin": origin }));
    }
    (table, all)
}
