//! What models and subjects lack, and units.

use insilin::clinic::{Index, Procedure, Quantity, RANGES, Ranges};
use insilin::diag::{SourceMap, Sources};

use super::bench::{Done, Laid, done, near, settings, tried};

#[test]
fn a_model_that_lacks_what_a_test_needs_is_refused_by_name() {
    let mut cell = settings(Procedure::Clamp, "normal");
    cell.model = Some("published/sedaghat_2002.ant".to_string());
    let told = tried(&cell, &Laid(Vec::new()))
        .err()
        .expect("it cannot be done");
    assert!(
        told.contains("clinic/model-lacks") && told.contains("shows no output `plasma_glucose`"),
        "{told}"
    );

    let mut bergman = settings(Procedure::Clamp, "normal");
    bergman.model = Some("published/bergman_1979.ant".to_string());
    let told = tried(&bergman, &Laid(Vec::new()))
        .err()
        .expect("it cannot be done");
    assert!(told.contains("takes no input `insulin_infusion`"), "{told}");
    assert!(!told.contains("glucose_infusion`"), "{told}");
}

#[test]
fn a_dose_by_body_surface_needs_a_height() {
    let subject = "schema = 1\nname = \"short\"\nmodel = \"published/dalla_man_2007.ant\"\n[person]\nmass = \"70 kg\"\n";
    let sources = Laid(vec![("subjects/short.toml", subject.to_string())]);
    let told = tried(&settings(Procedure::Clamp, "short"), &sources)
        .err()
        .expect("no surface");
    assert!(
        told.contains("clinic/person") && told.contains("height"),
        "{told}"
    );
    let mut per_mass = settings(Procedure::Clamp, "short");
    per_mass.insulin = Some(insilin::clinic::InsulinRate::PerMass(6.0));
    assert!(tried(&per_mass, &sources).is_ok());
}

/// One body in minutes, mg/dL and mg/kg/min, and in hours, mmol/L and g/kg/h.
#[test]
fn the_units_of_a_model_do_not_change_what_a_clamp_finds() {
    let minutes = clamped(include_str!("body_minutes.ant"), "mg/kg/min", "pmol/kg/min");
    let hours = clamped(include_str!("body_hours.ant"), "g/kg/h", "pmol/kg/h");
    for id in [
        "m-40",
        "rd-40",
        "clamp-glucose",
        "clamp-insulin",
        "m-over-i-40",
    ] {
        near(id, hours.index(id), minutes.index(id), 1e-4);
    }
    // 40 mU/m²/min on 70 kg and 1.75 m raise insulin by 240 · 1.848 / 70 / 0.1 / 0.1 = 634 pmol/L, at which 90 mg/dL are
    // metabolised at s · 634 · 90 · 1.9 = 5.42 mg/kg/min above what the body makes itself.
    near("M", minutes.index("m-40"), 5.42, 0.01);
}

fn clamped(body: &str, glucose: &str, insulin: &str) -> Done {
    let inputs = format!(
        "schema = 1\n\
         [inputs.glucose_infusion]\nmeaning = \"glucose\"\nunit = \"{glucose}\"\nmolar_mass = \"180.156 g/mol\"\n\
         kind = \"level\"\nparameter = \"glucose_infusion\"\n\
         [inputs.insulin_infusion]\nmeaning = \"insulin\"\nunit = \"{insulin}\"\n\
         kind = \"level\"\nparameter = \"insulin_infusion\"\n\
         [outputs]\nplasma_glucose = \"G\"\nplasma_insulin = \"I\"\nglucose_production = \"EGP\"\n"
    );
    let subject = "schema = 1\nname = \"x\"\nmodel = \"body.ant\"\n\
         [person]\nmass = \"70 kg\"\nheight = \"1.75 m\"\nfat = \"20 %\"\n";
    let sources = Laid(vec![
        ("subjects/x.toml", subject.to_string()),
        ("body.ant", body.to_string()),
        ("body.inputs.toml", inputs),
    ]);
    tried(&settings(Procedure::Clamp, "x"), &sources).unwrap_or_else(|wrong| panic!("{wrong}"))
}

#[test]
fn every_shipped_range_belongs_to_an_index_in_its_unit_and_rises() {
    let file = Laid(Vec::new()).read(RANGES, None).expect("it is shipped");
    let source = SourceMap::new().add(&file.name, &file.text);
    let ranges = Ranges::read(&file.text, source).expect("it is good");
    let mut indices: Vec<Index> = Vec::new();
    for procedure in Procedure::ALL {
        indices.extend(done(&settings(procedure, "normal")).outcome.indices);
    }
    for range in ranges.all() {
        // Models of today show no fatty acids in a test, and 120 mU/m²/min are asked for by hand.
        let by_hand = ["adipo-ir", "m-120", "m-ffm-120"].contains(&range.index.as_str());
        let known = indices.iter().find(|index| index.id == range.index);
        assert!(by_hand || known.is_some(), "`{}` is no index", range.index);
        if let Some(index) = known {
            assert!(
                ranges.of(index).is_some(),
                "`{}` is not in {}",
                range.index,
                range.unit
            );
        }
        assert!(!range.source.is_empty());
        for band in &range.bands {
            let rising = band
                .from
                .zip(band.below)
                .is_none_or(|(from, below)| from < below);
            assert!(
                rising && (band.from.is_some() || band.below.is_some()),
                "{band:?}"
            );
        }
    }
}

#[test]
fn units_of_display_are_those_of_the_clinic_or_si() {
    assert_eq!(Quantity::Glucose.shown(false), (1.0, "mmol/L"));
    let (factor, unit) = Quantity::Glucose.shown(true);
    assert_eq!(unit, "mg/dL");
    near("glucose", factor, 18.0156, 1e-9);
    let (factor, unit) = Quantity::Flux.shown(false);
    assert_eq!(unit, "µmol/kg/min");
    near("flux", factor, 5.5507, 1e-4);
    assert_eq!(Quantity::Insulin.shown(true), (1.0 / 6.0, "µU/mL"));
}
