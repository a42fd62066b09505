use super::*;
use crate::diag::{Diagnostics, SourceMap, render_all};

/// A table of two foods with round numbers.
const TABLE: &str = "# per 100 g\n\
name,also,group,energy_kJ,carbohydrate_g,sugars_g,starch_g,fibre_g,protein_g,fat_g,saturated_g,monounsaturated_g,polyunsaturated_g,omega3_g,gi,gi_kind,gi_source,serving_g,ndb,note\n\
white bread,toast; \"bread, white\",grain,1000,50,5,45,2,10,4,1,1,2,,75,measured,nobody,30,1,\n\
boiled lentils,lentils,legume,500,20,,,8,9,0.4,0.1,0.1,0.2,0.1,30,recalled,nobody,150,2,\n";

fn said(read: impl FnOnce(crate::diag::SourceId, &mut Diagnostics), text: &str) -> String {
    let mut map = SourceMap::new();
    let source = map.add("file", text);
    let mut findings = Diagnostics::new();
    read(source, &mut findings);
    render_all(&findings, &map)
}

fn foods() -> Foods {
    let mut read_foods = Foods::default();
    let said = said(
        |source, found| read_foods = read(TABLE, source, found),
        TABLE,
    );
    assert!(said.is_empty(), "{said}");
    read_foods
}

fn plates(text: &str) -> (Plates, String) {
    let mut plates = Plates::default();
    let said = said(
        |source, found| plates = read_plates(text, source, &foods(), found),
        text,
    );
    (plates, said)
}

#[test]
fn a_food_is_found_whatever_the_case_punctuation_and_order_of_words() {
    let foods = foods();
    for name in [
        "white bread",
        "White Bread",
        "bread, white",
        "  TOAST ",
        "white-bread",
    ] {
        assert_eq!(
            foods.get(name).map(|food| food.name.as_str()),
            Some("white bread"),
            "{name}"
        );
    }
    assert!(foods.get("bread").is_none());
    assert_eq!((foods.len(), foods.is_empty()), (2, false));
}

#[test]
fn names_nearby_are_offered_by_their_letters_and_by_shared_words() {
    let foods = foods();
    assert_eq!(foods.near("boild lentils"), ["boiled lentils"]);
    assert_eq!(foods.near("bread"), ["white bread"]);
    assert_eq!(foods.near("lentil soup"), ["boiled lentils"]);
    assert_eq!(foods.near("lobster"), Vec::<&str>::new());
    assert_eq!(foods.near("red lentils"), ["boiled lentils"]);
    assert!(foods.near("").is_empty());
}

#[test]
fn fields_that_are_not_known_count_as_none_of_it() {
    let foods = foods();
    let (bread, lentils) = (&foods.foods[0], &foods.foods[1]);
    assert_eq!((bread.omega3, bread.sugars), (0.0, Some(5.0)));
    assert_eq!((lentils.omega3, lentils.sugars), (0.1, None));
    assert_eq!(
        (bread.gi_kind, lentils.gi_kind),
        (GiKind::Measured, GiKind::Recalled)
    );
}

#[test]
fn a_portion_is_a_mass_or_a_number_of_helpings_and_a_name() {
    let foods = foods();
    let span = Span::default();
    let grams = |text: &str| foods.portion(text, span).expect("a portion").grams;
    assert_eq!(grams("180 g boiled lentils"), 180.0);
    assert_eq!(grams("0.18 kg lentils"), 180.0);
    assert_eq!(grams("2 servings white bread"), 60.0);
    assert_eq!(grams("1 serving of toast"), 30.0);
    for text in [
        "180 g",
        "boiled lentils",
        "180",
        "3 min white bread",
        "-5 g toast",
        "20 g soup",
        "",
    ] {
        assert!(foods.portion(text, span).is_err(), "{text}");
    }
}

#[test]
fn nutrients_add_up_and_carbohydrate_splits_by_glycaemic_index() {
    let foods = foods();
    let portion = |text| foods.portion(text, Span::default()).expect("a portion");
    let sum = foods.nutrients(&[portion("60 g white bread"), portion("150 g lentils")]);
    let near = |value: f64, expected: f64| assert!((value - expected).abs() < 1e-12, "{value}");
    near(sum.energy_kj, 600.0 + 750.0);
    near(sum.carbohydrate(), 30.0 + 30.0);
    near(sum.carbohydrate_fast, 30.0 * 0.75 + 30.0 * 0.3);
    near(sum.glycaemic_load(), 31.5);
    near(sum.fibre, 1.2 + 12.0);
    near(sum.protein, 6.0 + 13.5);
    near(sum.fat, 2.4 + 0.6);
    near(sum.polyunsaturated, 1.2 + 0.3);
    near(sum.omega3, 0.15);
}

#[test]
fn a_plate_keeps_its_portions_and_a_menu_takes_them_by_name_or_lists_its_own() {
    let (plates, said_of_plates) = plates(
        "schema = 1\n[plates.bread-and-lentils]\ntitle = \"Both\"\nsource = \"test\"\nitems = [\"60 g toast\", \"150 g lentils\"]\n",
    );
    assert!(said_of_plates.is_empty(), "{said_of_plates}");
    let plate = plates.get("bread-and-lentils").expect("it was read");
    assert_eq!(plate.items[0].food, "white bread");
    let text = "schema = 1\n[menus.day]\ntitle = \"A day\"\nsource = \"test\"\nmeals = [\n\
                { at = \"19:30\", items = [\"30 g toast\"], title = \"snack\" },\n\
                { at = \"07:05\", plate = \"bread-and-lentils\" },\n]\n";
    let mut menus = Menus::default();
    let read = |source, found: &mut Diagnostics| {
        menus = read_menus(text, source, (&foods(), &plates), found)
    };
    let said = said(read, text);
    assert!(said.is_empty(), "{said}");
    let meals = &menus.get("day").expect("it was read").meals;
    let told: Vec<(f64, &str, usize)> = meals
        .iter()
        .map(|meal| (meal.clock_min, meal.title.as_str(), meal.items.len()))
        .collect();
    assert_eq!(told, [(425.0, "Both", 2), (1170.0, "snack", 1)]);
}
