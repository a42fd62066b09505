//! The intravenous test: sensitivities that are known are found again, and the intervals keep what they promise.

use std::sync::Mutex;

use insilin::clinic::{Assay, Injection, Procedure, World, fit_minimal_model};
use insilin::diag::SourceMap;
use insilin::fit::Verdict;
use insilin::model::lower;
use insilin::simulate::Stream;

use super::bench::{Done, Laid, near, run, settings, tried};

const BODY: &str = include_str!("minimal_body.ant");
const INPUTS: &str = include_str!("minimal_body.inputs.toml");

/// SI of the bodies, 10⁻⁴/min per µU/mL: from type 2 diabetes to a trained person.
const SENSITIVITIES: [f64; 5] = [0.7, 2.0, 4.0, 7.0, 12.0];

/// A subject whose body is the minimal model with a sensitivity.
fn laid(sensitivity: f64) -> Laid<'static> {
    let subject = format!(
        "schema = 1\nname = \"known\"\nmodel = \"body.ant\"\n[person]\nmass = \"70 kg\"\n[parameters]\n\
         SI = {{ value = \"{} L/min/pmol\", why = \"the truth\" }}\n",
        sensitivity * 1e-4 / 6.0
    );
    Laid(vec![
        ("subjects/known.toml", subject),
        ("body.ant", BODY.to_string()),
        ("body.inputs.toml", INPUTS.to_string()),
    ])
}

fn tested(sensitivity: f64, assay: Assay) -> Done {
    let mut settings = settings(Procedure::Ivgtt, "known");
    settings.assay = assay;
    tried(&settings, &laid(sensitivity)).unwrap_or_else(|wrong| panic!("{wrong}"))
}

#[test]
fn sensitivity_is_found_within_three_percent_at_five_values_without_noise() {
    for truth in SENSITIVITIES {
        let test = tested(truth, Assay::default());
        near("SI", test.index("si"), truth, 0.03);
        let fit = test.outcome.fit.as_ref().expect("a fit");
        // What insulin did between its samples is guessed by straight lines; where it does much, SG takes the blame.
        near("SG", fit.effectiveness.value, 0.020, 0.05);
        near("VG", fit.space.value, 1.7, 0.01);
        assert!(fit.fit.is_identified(), "{:?}", fit.fit.parameters);
        assert!(test.outcome.remarks.is_empty());
    }
}

/// With errors of 2 % in glucose the 95 % interval of SI holds the truth 95 times in 100: of 200 repetitions between 90 % and
/// 98 %, which a true coverage of 95 % misses once in 300 times; the seeds are fixed. Insulin is read without error here:
/// the method takes it as its input, and does not know of errors there.
#[test]
fn the_interval_of_sensitivity_covers_the_truth_as_often_as_it_says() {
    let truth = 4.0;
    let clean = tested(truth, Assay::default());
    let [glucose, insulin] = [&clean.outcome.samples[0], &clean.outcome.samples[1]];
    let sources = laid(truth);
    let covered = Mutex::new(Vec::new());
    let repeat = |seeds: std::ops::Range<u64>| {
        for seed in seeds {
            let mut stream = Stream::new(seed, "coverage");
            let noisy = glucose
                .values
                .iter()
                .map(|g| g * (1.0 + 0.02 * stream.normal()));
            let test = Injection {
                dose: 300.0,
                minutes: glucose.minutes.clone(),
                glucose: noisy.collect(),
                insulin: insulin.values.clone(),
                variation: Some(0.02),
            };
            let mut model = |path: &str, map: &mut SourceMap| lower::load(path, &sources, map);
            let mut world = World {
                sources: &sources,
                map: &mut SourceMap::new(),
                load_model: &mut model,
            };
            let fit = fit_minimal_model(&test, &mut world).expect("the model is shipped");
            let fit = fit.expect("a fit");
            let (low, high) = fit.sensitivity.interval;
            let inside = (low..high).contains(&(truth * 1e-4 / 6.0));
            let inside = inside && fit.sensitivity.verdict != Verdict::AtBound;
            covered.lock().expect("no panic").push(inside);
        }
    };
    std::thread::scope(|scope| {
        scope.spawn(|| repeat(0..100));
        scope.spawn(|| repeat(100..200));
    });
    let covered = covered.into_inner().expect("no panic");
    let share = covered.iter().filter(|inside| **inside).count() as f64 / covered.len() as f64;
    assert!((0.90..=0.98).contains(&share), "{share}");
}

#[test]
fn noise_widens_the_interval_and_one_seed_gives_one_answer() {
    let assay = |seed| Assay {
        seed: Some(seed),
        ..Assay::default()
    };
    let (one, again, other) = (
        tested(4.0, assay(1)),
        tested(4.0, assay(1)),
        tested(4.0, assay(2)),
    );
    assert_eq!(one.index("si").to_bits(), again.index("si").to_bits());
    assert_ne!(one.index("si"), other.index("si"));
    let width = |test: &Done| {
        let interval = test
            .outcome
            .fit
            .as_ref()
            .expect("a fit")
            .sensitivity
            .interval;
        interval.1 / interval.0
    };
    assert!(width(&one) > width(&tested(4.0, Assay::default())));
}

#[test]
fn the_acute_response_is_the_area_of_the_insulin_curve() {
    let test = tested(4.0, Assay::default());
    // Of the samples at 2, 3, 4, 5, 6, 8 and 10 min and the line from 0, above the fasting 50 pmol/L.
    let rows = [0.0, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, 10.0];
    let basal = 50.0;
    let mut values = rows.map(|minute| test.at("I", minute) - basal);
    // At 0 the clinic knows the line from the sample a minute before to that two minutes after.
    values[0] = values[1] / 3.0;
    let area: f64 = (1..rows.len())
        .map(|at| 0.5 * (values[at] + values[at - 1]) * (rows[at] - rows[at - 1]))
        .sum();
    near("AIRg", test.index("air-glucose"), area / 6.0, 1e-6);
    near(
        "DI",
        test.index("disposition"),
        test.index("si") * test.index("air-glucose"),
        1e-9,
    );
}

#[test]
fn insulin_after_twenty_minutes_is_injected_where_the_model_takes_it() {
    let mut modified = settings(Procedure::Ivgtt, "normal");
    modified.insulin_at_20 = true;
    let test = tried(&modified, &Laid(Vec::new())).unwrap_or_else(|wrong| panic!("{wrong}"));
    let rise = test.at("I_plasma", 20.0) - test.at("I_plasma", 19.0);
    // 180 pmol/kg into 0.05 L/kg.
    near("jump", rise, 3600.0, 0.01);
    let glucose = test.at("G_plasma", 0.0) - test.at("G_plasma", -1.0);
    // 300 mg/kg into 1.88 dL/kg.
    near("injection", glucose, 300.0 / 1.88, 1e-6);
}

fn minimal_model(span: u32, protocol: &str) -> insilin::trajectory::Trajectory {
    run(&format!(
        "schema = 1\nname = \"port\"\nmodel = \"published/bergman_1979.ant\"\n\
         time = {{ unit = \"min\", span = [0, {span}], every = 10 }}\nprotocol = [\n{protocol}]\n"
    ))
}

/// Without insulin above basal the port has a closed form; with insulin its numbers are those of the equations of the paper,
/// integrated apart from this program (midpoint rule, steps of 0.001 min).
#[test]
fn the_port_of_the_minimal_model_gives_the_numbers_of_its_equations() {
    let injection = "  { give = \"glucose_bolus\", amount = \"300 mg/kg\", time = 0 },\n";
    let alone = minimal_model(180, injection);
    let glucose = alone.values("G_plasma").expect("it is there");
    for (time, glucose) in alone.time.iter().zip(&glucose) {
        let expected = 90.0 + 300.0 / 1.7 * insilin::math::exp(-0.02 * time);
        near("closed form", *glucose, expected, 1e-6);
    }
    let insulin = "  { hold = \"insulin_slope\", at = \"60 pmol/L/min\", from = 0, to = 4 },\n  \
         { hold = \"insulin_slope\", at = \"-10 pmol/L/min\", from = 4, to = 28 },\n";
    let both = minimal_model(180, &format!("{injection}{insulin}"));
    let glucose = both.values("G_plasma").expect("it is there");
    near("after 30 min", glucose[3], 164.071_239, 1e-6);
    near("after 180 min", glucose[18], 91.164_320, 1e-6);
}

/// Insulin held above basal by d: action tends to SI d, glucose to SG G_basal / (SG + SI d).
#[test]
fn the_port_settles_where_insulin_sends_it() {
    let raised = "  { hold = \"insulin_slope\", at = \"100 pmol/L/min\", from = 0, to = 1 },\n";
    let settled = minimal_model(1000, raised);
    let last = |id: &str| {
        *settled
            .values(id)
            .expect("it is there")
            .last()
            .expect("rows")
    };
    near("action", last("X_insulin"), 1e-4 * 100.0, 1e-6);
    near(
        "glucose",
        last("G_plasma"),
        0.02 * 90.0 / (0.02 + 0.01),
        1e-6,
    );
}
