//! The shipped foods, plates, menus and blocks against what they claim, and what is said about mistakes in such files.
//!
//! `INSILIN_SHARED` points at the reference data; without it the comparison with the source of the table is skipped.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use insilin::diag::{Diagnostics, SourceId, SourceMap, render_all};
use insilin::scenario::foods::{self, Food, Foods, GiKind, Menus, Nutrients, Plates};

mod snapshots;
mod support;

fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

/// Reads a file and insists that there is nothing to say about it.
fn quietly<T>(name: &str, read: impl FnOnce(&str, SourceId, &mut Diagnostics) -> T) -> T {
    let text = std::fs::read_to_string(models().join(name)).expect("a shipped file");
    let mut map = SourceMap::new();
    let source = map.add(name, text.clone());
    let mut findings = Diagnostics::new();
    let value = read(&text, source, &mut findings);
    assert!(findings.is_empty(), "{}", render_all(&findings, &map));
    value
}

fn shipped_foods() -> Foods {
    quietly(foods::FOODS_FILE, foods::read)
}

fn shipped_plates(foods: &Foods) -> Plates {
    quietly(foods::PLATES_FILE, |text, source, found| {
        foods::read_plates(text, source, foods, found)
    })
}

fn shipped_menus(foods: &Foods) -> Menus {
    let plates = shipped_plates(foods);
    quietly(foods::MENUS_FILE, |text, source, found| {
        foods::read_menus(text, source, (foods, &plates), found)
    })
}

// ---- the table of foods

#[test]
fn there_are_foods_enough_and_each_row_has_its_source() {
    let foods = shipped_foods();
    assert!(foods.len() >= 150, "{} foods", foods.len());
    let mut numbers = BTreeSet::new();
    for food in foods.iter() {
        let digits = food.ndb.len() == 5 && food.ndb.bytes().all(|b| b.is_ascii_digit());
        assert!(
            digits,
            "{}: `{}` is no number of the database",
            food.name, food.ndb
        );
        assert!(
            numbers.insert(&food.ndb),
            "{}: {} stands for two foods",
            food.name,
            food.ndb
        );
        assert!(!food.gi_source.is_empty(), "{}", food.name);
        assert!(food.serving > 0.0, "{}", food.name);
    }
}

#[test]
fn the_foods_that_people_type_are_found() {
    let foods = shipped_foods();
    let typed = [
        "boiled lentils",
        "lentils",
        "white bread",
        "Broccoli",
        "quinoa",
        "salmon",
        "olive oil",
        "walnuts",
        "whole-wheat bread",
        "wholemeal bread",
        "porridge",
        "oats, dry",
        "spinach",
        "kale",
        "chickpeas",
        "tofu",
        "cola",
        "apple",
        "apples",
        "egg",
        "eggs",
        "chicken breast",
        "milk",
        "yoghurt",
        "Brown rice, cooked",
    ];
    for name in typed {
        assert!(foods.get(name).is_some(), "`{name}` is not found");
    }
}

/// Energy by the general factors of EU regulation 1169/2011, annex XIV: kJ per g.
fn general_energy(food: &Food) -> f64 {
    17.0 * food.carbohydrate + 17.0 * food.protein + 37.0 * food.fat + 8.0 * food.fibre
}

#[test]
fn energy_agrees_with_the_general_factors_or_the_row_says_why_not() {
    for food in shipped_foods().iter() {
        let off = (general_energy(food) - food.energy_kj).abs();
        let agrees = off <= 40.0 || off <= 0.14 * food.energy_kj;
        let explained = food.note.starts_with("energy:");
        assert!(
            agrees != explained,
            "{}: {} kJ against {} kJ by factors; its note: `{}`",
            food.name,
            food.energy_kj,
            general_energy(food),
            food.note
        );
    }
}

#[test]
fn parts_do_not_exceed_the_whole() {
    for food in shipped_foods().iter() {
        let fats = food.saturated + food.monounsaturated + food.polyunsaturated;
        let explained = food.note.starts_with("fats:");
        assert!(
            (fats <= food.fat + 0.05) != explained,
            "{}: {fats} g of {} g fat; its note: `{}`",
            food.name,
            food.fat,
            food.note
        );
        assert!(food.omega3 <= food.polyunsaturated, "{}", food.name);
        assert!((0.0..=100.0).contains(&food.gi), "{}", food.name);
        if let (Some(sugars), Some(starch)) = (food.sugars, food.starch) {
            // Sugars are measured, available carbohydrate is a difference of five measured numbers.
            let off = (sugars + starch - food.carbohydrate).abs();
            assert!(
                off <= 0.65,
                "{}: {sugars} + {starch} g of {} g",
                food.name,
                food.carbohydrate
            );
        }
    }
}

#[test]
fn a_glycaemic_index_is_only_assumed_where_a_helping_has_little_carbohydrate() {
    for food in shipped_foods().iter() {
        let helping = food.carbohydrate * food.serving / 100.0;
        if food.gi_kind == GiKind::Assumed {
            assert_eq!(food.gi, 0.0, "{}", food.name);
            assert!(helping < 10.0, "{}: {helping} g in a helping", food.name);
        } else {
            assert!(food.gi > 0.0, "{}", food.name);
        }
    }
}

/// Columns of the source of the table that must have come over unchanged.
fn agrees_with_source(food: &Food, row: &std::collections::BTreeMap<String, String>) {
    let number = |column: &str| row[column].parse().unwrap_or(0.0);
    let near = |ours: f64, theirs: f64, by: f64, what: &str| {
        assert!(
            (ours - theirs).abs() <= by,
            "{} {what}: {ours} is {theirs} there",
            food.name
        );
    };
    near(
        food.energy_kj,
        number("energy_kcal_100g") * 4.184,
        0.51,
        "energy",
    );
    near(
        food.carbohydrate,
        number("available_carb_g_100g"),
        1e-9,
        "carbohydrate",
    );
    near(food.fibre, number("fibre_g_100g"), 1e-9, "fibre");
    near(food.protein, number("protein_g_100g"), 1e-9, "protein");
    near(food.fat, number("fat_g_100g"), 1e-9, "fat");
    if food.gi_kind == GiKind::Measured {
        near(
            food.gi,
            number("glycaemic_index_glucose100"),
            1e-9,
            "glycaemic index",
        );
    }
}

#[test]
fn the_table_holds_every_food_of_its_source_with_the_same_numbers() {
    let Some(folder) = support::shared::folder("literature") else {
        return;
    };
    let text = std::fs::read_to_string(folder.join("foods.csv")).expect("the source of the table");
    let foods = shipped_foods();
    let mut lines = text.lines();
    let head = fields(lines.next().expect("a header"));
    let mut count = 0;
    for line in lines {
        let row = head
            .iter()
            .cloned()
            .zip(fields(line))
            .collect::<std::collections::BTreeMap<_, _>>();
        let food = foods.iter().find(|food| food.ndb == row["usda_sr28_ndb"]);
        agrees_with_source(
            food.unwrap_or_else(|| panic!("no row for {}", row["food"])),
            &row,
        );
        count += 1;
    }
    assert_eq!(count, foods.len());
}

/// Fields of a line of CSV.
fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut quoted) = (vec![String::new()], false);
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            c => fields.last_mut().expect("there is a first one").push(c),
        }
    }
    fields
}

// ---- plates and menus

/// A line of the published table: energy kcal, carbohydrate, fibre, protein, fat in g, glycaemic load.
type Line = [f64; 6];

fn line(sum: &Nutrients) -> Line {
    let kcal = sum.energy_kj / 4.184;
    [
        kcal,
        sum.carbohydrate(),
        sum.fibre,
        sum.protein,
        sum.fat,
        sum.glycaemic_load(),
    ]
}

/// Half of the last digit that the published table shows, a little more for energy, whose rows are rounded to kJ here.
const ROUNDING: Line = [1.0, 0.55, 0.55, 0.55, 0.55, 0.55];

fn agrees(what: &str, sum: &Nutrients, expected: Line) {
    for ((ours, theirs), by) in line(sum).into_iter().zip(expected).zip(ROUNDING) {
        assert!(
            (ours - theirs).abs() <= by,
            "{what}: {:?} is {expected:?} there",
            line(sum)
        );
    }
}

#[test]
fn menus_have_the_energy_nutrients_and_load_of_the_published_days() {
    let foods = shipped_foods();
    let menus = shipped_menus(&foods);
    let days: [(&str, Line); 3] = [
        ("mediterranean", [2065.0, 163.0, 49.0, 93.0, 102.0, 70.0]),
        (
            "low-glycaemic-load",
            [1801.0, 94.0, 38.0, 146.0, 82.0, 31.0],
        ),
        ("western", [3191.0, 444.0, 21.0, 89.0, 112.0, 276.0]),
    ];
    assert_eq!(menus.0.len(), days.len());
    for (name, expected) in days {
        let meals = &menus.get(name).expect(name).meals;
        let clock: Vec<f64> = meals.iter().map(|meal| meal.clock_min).collect();
        assert_eq!(clock, [450.0, 750.0, 990.0, 1170.0], "{name}");
        let items: Vec<_> = meals.iter().flat_map(|meal| meal.items.clone()).collect();
        agrees(name, &foods.nutrients(&items), expected);
    }
}

#[test]
fn kinds_of_fat_of_the_menus_are_those_of_the_published_days() {
    let foods = shipped_foods();
    let menus = shipped_menus(&foods);
    let days = [
        ("mediterranean", [19.5, 48.4, 27.6, 6.1]),
        ("low-glycaemic-load", [13.6, 44.6, 15.7, 1.5]),
        ("western", [54.8, 36.9, 11.7, 0.3]),
    ];
    for (name, expected) in days {
        let meals = &menus.get(name).expect(name).meals;
        let items: Vec<_> = meals.iter().flat_map(|meal| meal.items.clone()).collect();
        let sum = foods.nutrients(&items);
        let ours = [
            sum.saturated,
            sum.monounsaturated,
            sum.polyunsaturated,
            sum.omega3,
        ];
        for (ours, theirs) in ours.into_iter().zip(expected) {
            assert!(
                (ours - theirs).abs() <= 0.06,
                "{name}: {ours} is {theirs} there"
            );
        }
    }
}

#[test]
fn plates_have_the_energy_nutrients_and_load_of_the_published_meals() {
    let foods = shipped_foods();
    let plates = shipped_plates(&foods);
    let meals: [(&str, Line); 12] = [
        ("yogurt-oats-walnuts", [464.0, 41.0, 7.3, 14.0, 26.0, 20.0]),
        ("lentil-salad", [685.0, 64.0, 23.0, 30.0, 27.0, 29.0]),
        ("almonds-apple", [223.0, 19.0, 6.7, 6.0, 13.0, 6.0]),
        ("salmon-quinoa", [693.0, 38.0, 11.8, 43.0, 36.0, 15.0]),
        ("eggs-avocado-rye", [368.0, 18.0, 8.3, 19.0, 22.0, 7.0]),
        (
            "chicken-chickpea-salad",
            [650.0, 25.0, 11.9, 59.0, 30.0, 6.0],
        ),
        ("yogurt-strawberries", [254.0, 15.0, 4.9, 22.0, 11.0, 4.0]),
        ("cod-cauliflower", [528.0, 37.0, 12.8, 46.0, 18.0, 15.0]),
        (
            "corn-flakes-toast-juice",
            [697.0, 117.0, 4.0, 17.0, 17.0, 77.0],
        ),
        (
            "cheeseburger-fries-cola",
            [1045.0, 142.0, 8.4, 34.0, 36.0, 89.0],
        ),
        ("doughnut-chocolate", [405.0, 44.0, 2.0, 5.0, 23.0, 28.0]),
        (
            "pizza-cola-ice-cream",
            [1044.0, 141.0, 6.7, 33.0, 36.0, 82.0],
        ),
    ];
    for (name, expected) in meals {
        agrees(
            name,
            &foods.nutrients(&plates.get(name).expect(name).items),
            expected,
        );
    }
}

#[test]
fn half_of_a_balanced_plate_is_vegetables_and_a_quarter_each_is_protein_and_grain_or_legume() {
    let foods = shipped_foods();
    let plates = shipped_plates(&foods);
    let halves: Vec<_> = plates
        .0
        .values()
        .filter(|plate| plate.name.starts_with("half-"))
        .collect();
    assert!(halves.len() >= 3);
    for plate in halves {
        let (mut vegetables, mut rest) = (0.0, Vec::new());
        for portion in &plate.items {
            let group = foods
                .get(&portion.food)
                .expect("it was read")
                .group
                .as_str();
            match group {
                "leafy green" | "non-starchy vegetable" => vegetables += portion.grams,
                "healthy fat" => assert!(portion.grams <= 10.0, "{}", plate.name),
                _ => rest.push(portion.grams),
            }
        }
        assert_eq!(rest, [vegetables / 2.0; 2], "{}", plate.name);
    }
}

// ---- the weekly block

fn minutes(entry: &toml::Table) -> f64 {
    let text = |key: &str| {
        entry
            .get(key)
            .and_then(toml::Value::as_str)
            .map_or(0.0, |text| {
                text.strip_suffix(" min")
                    .expect("minutes")
                    .parse()
                    .expect("a number")
            })
    };
    let rounds = entry
        .get("rounds")
        .and_then(toml::Value::as_integer)
        .unwrap_or(0) as f64;
    text("for") + text("warm_up") + text("cool_down") + rounds * (text("work") + text("rest"))
}

#[test]
fn the_weekly_block_is_the_published_week() {
    let text =
        std::fs::read_to_string(models().join("blocks/weekly-exercise.toml")).expect("shipped");
    let block: toml::Table = text.parse().expect("TOML");
    let entries = block["calendar"].as_array().expect("a list");
    // Day, minutes and kcal above rest of the published week, for 80 kg; a MET is 1 kcal/kg/h.
    let week = [
        ("mon", 50.0, Some(265.0)),
        ("tue", 40.0, Some(205.0)),
        ("wed", 30.0, Some(60.0)),
        ("thu", 50.0, Some(265.0)),
        ("fri", 40.0, None),
        ("sat", 45.0, Some(270.0)),
    ];
    assert_eq!(entries.len(), week.len(), "Sunday is a day of rest");
    for (entry, (day, long, kcal)) in entries.iter().zip(week) {
        let entry = entry.as_table().expect("a table");
        assert_eq!(entry["repeat"].as_str(), Some(day));
        assert_eq!(minutes(entry), long, "{day}");
        if let Some(kcal) = kcal {
            let met = entry["met"].as_float().expect("a number");
            let ours = (met - 1.0) * 80.0 * long / 60.0;
            assert!(
                (ours - kcal).abs() <= 3.0,
                "{day}: {ours} kcal is {kcal} there"
            );
        }
    }
    let strength: Vec<_> = entries
        .iter()
        .filter(|entry| entry["bout"].as_str() == Some("resistance"))
        .collect();
    assert_eq!(strength.len(), 2);
    for entry in strength {
        assert_eq!(entry["sets"].as_integer(), Some(3));
        assert!((8..=10).contains(&entry["repetitions"].as_integer().expect("a number")));
        assert_eq!(entry["exercises"].as_integer(), Some(6));
    }
}

// ---- mistakes

#[test]
fn every_mistake_in_a_table_of_foods_is_told_with_its_place_and_remedy() {
    snapshots::check(&snapshots::cases("foods"), |path| {
        said_about(path, |text, source, found| {
            foods::read(text, source, found);
        })
    });
}

#[test]
fn every_mistake_in_plates_is_told_with_its_place_and_remedy() {
    let foods = shipped_foods();
    snapshots::check(&snapshots::cases("plates"), |path| {
        said_about(path, |text, source, found| {
            foods::read_plates(text, source, &foods, found);
        })
    });
}

#[test]
fn every_mistake_in_menus_is_told_with_its_place_and_remedy() {
    let foods = shipped_foods();
    let plates = shipped_plates(&foods);
    snapshots::check(&snapshots::cases("menus"), |path| {
        said_about(path, |text, source, found| {
            foods::read_menus(text, source, (&foods, &plates), found);
        })
    });
}

fn said_about(path: &Path, read: impl FnOnce(&str, SourceId, &mut Diagnostics)) -> String {
    let text = std::fs::read_to_string(path).expect("a readable case");
    let mut map = SourceMap::new();
    let source = map.add(snapshots::name(path), text.clone());
    let mut findings = Diagnostics::new();
    read(&text, source, &mut findings);
    render_all(&findings, &map)
}
