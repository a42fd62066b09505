//! Conversion factors: of time, of extent, and of replacements.

use insilin::math::exp;

use crate::text::*;

#[test]
fn time_of_a_submodel_is_time_over_its_factor() {
    // x' = −x, seen with 4 units of time per unit of the submodel: x = e^(−t/4).
    let leaf = list(
        "Parameters",
        &[
            &variable("x", 1.0, ""),
            &variable("clock", 0.0, ""),
            &variable("rate", 0.0, ""),
            &variable("past", 0.0, ""),
            &variable("e", 0.0, ""),
        ],
    ) + &list(
        "Rules",
        &[
            &rate_rule("x", &apply("minus", &[&ci("x")])),
            &assignment_rule("clock", &time()),
            &assignment_rule("rate", &call("rateOf", &[&ci("x")])),
            &assignment_rule("past", &call("delay", &[&ci("clock"), &cn(0.5)])),
        ],
    ) + &list(
        "Events",
        &[&event(
            &apply("gt", &[&time(), &cn(0.6)]),
            &cn(1.0),
            "e",
            &time(),
        )],
    );
    let main = list("Parameters", &[&constant("four", 4.0, "")])
        + &submodels(&["a=leaf timeConversionFactor=four"]);
    let table = run(&document(&main, &[("leaf", &leaf)]), 10);
    table.check("a__x", 1e-8, |t| exp(-t / 4.0));
    table.check("a__clock", 1e-12, |t| t / 4.0);
    // In the submodel's own time the rate is −x.
    table.check("a__rate", 1e-8, |t| -exp(-t / 4.0));
    // Half a unit of the submodel is two of the whole.
    table.check_at("a__past", 1e-9, &[(2.0, 0.0), (6.0, 1.0), (10.0, 2.0)]);
    // Triggered at 2.4 with the value 0.6; one unit of the submodel later is 6.4.
    table.check_at("a__e", 1e-9, &[(6.0, 0.0), (7.0, 0.6)]);
}

#[test]
fn factors_of_models_within_each_other_multiply() {
    let leaf = list(
        "Parameters",
        &[&variable("clock", 0.0, ""), &variable("x", 0.0, "")],
    ) + &list(
        "Rules",
        &[
            &assignment_rule("clock", &time()),
            &rate_rule("x", &cn(30.0)),
        ],
    );
    let nest = list("Parameters", &[&constant("f", 2.0, "")])
        + &submodels(&["b=leaf timeConversionFactor=f"]);
    let main = list("Parameters", &[&constant("f", 5.0, "")])
        + &submodels(&["a=nest timeConversionFactor=f"]);
    let table = run(&document(&main, &[("leaf", &leaf), ("nest", &nest)]), 3);
    table.check("a__b__clock", 1e-12, |t| t / 10.0);
    table.check("a__b__x", 1e-9, |t| 3.0 * t);
}

#[test]
fn laws_of_a_submodel_are_multiplied_by_extent_over_time() {
    // Law 2 with 100 units of extent and 5 of time per unit of the submodel: 40.
    let leaf = species(&[("S", 0.0)], "")
        + &list("Parameters", &[&variable("seen", 0.0, "")])
        + &list("Rules", &[&assignment_rule("seen", &ci("J"))])
        + &list("Reactions", &[&making("J", "S", &cn(2.0), "")]);
    let main =
        list(
            "Parameters",
            &[
                &constant("extent", 100.0, ""),
                &constant("time_factor", 5.0, ""),
            ],
        ) + &submodels(&["a=leaf extentConversionFactor=extent timeConversionFactor=time_factor"]);
    let table = run(&document(&main, &[("leaf", &leaf)]), 3);
    table.check("a__S", 1e-9, |t| 40.0 * t);
    table.check("a__J", 1e-12, |_| 40.0);
    // The submodel still means its own units.
    table.check("a__seen", 1e-12, |_| 2.0);
}

#[test]
fn a_reaction_that_replaces_another_has_the_units_of_its_own_model() {
    let leaf = species(&[("S", 0.0)], "")
        + &list("Parameters", &[&variable("seen", 0.0, "")])
        + &list("Rules", &[&assignment_rule("seen", &ci("J"))])
        + &list("Reactions", &[&making("J", "S", &cn(2.0), "")]);
    let main = species(&[("T", 0.0)], "")
        + &list("Parameters", &[&constant("f", 100.0, "")])
        + &list(
            "Reactions",
            &[&making(
                "R",
                "T",
                &cn(7.0),
                &replaces(&["submodelRef=a idRef=J"]),
            )],
        )
        + &submodels(&["a=leaf extentConversionFactor=f"]);
    let table = run(&document(&main, &[("leaf", &leaf)]), 2);
    table.check("T", 1e-9, |t| 7.0 * t);
    table.check("a__S", 0.0, |_| 0.0);
    table.check("a__seen", 1e-12, |_| 7.0);
}

#[test]
fn a_reaction_replaced_by_another_is_seen_in_the_units_of_either_model() {
    let leaf = species(&[("S", 0.0)], "")
        + &list("Parameters", &[&variable("seen", 0.0, "")])
        + &list("Rules", &[&assignment_rule("seen", &ci("J"))])
        + &list("Reactions", &[&making("J", "S", &cn(2.0), "")]);
    let main = species(&[("T", 0.0)], "")
        + &list(
            "Parameters",
            &[&constant("f", 100.0, ""), &variable("seen", 0.0, "")],
        )
        + &list("Rules", &[&assignment_rule("seen", &ci("R"))])
        + &list(
            "Reactions",
            &[&making(
                "R",
                "T",
                &cn(7.0),
                &replaced_by("submodelRef=a idRef=J"),
            )],
        )
        + &submodels(&["a=leaf extentConversionFactor=f"]);
    let table = run(&document(&main, &[("leaf", &leaf)]), 2);
    table.check("a__S", 1e-9, |t| 200.0 * t);
    table.check("R", 1e-12, |_| 200.0);
    table.check("seen", 1e-12, |_| 200.0);
    table.check("a__seen", 1e-12, |_| 2.0);
    table.check("T", 0.0, |_| 0.0);
}

#[test]
fn a_replaced_value_is_the_other_over_the_factor_and_setting_it_multiplies() {
    // P = 1000 p: read in rules, algebra and events; set by a start, a rate and an event.
    let leaf = list(
        "Parameters",
        &[
            &variable("p", 1.0, ""),
            &variable("q", 1.0, ""),
            &variable("r", 1.0, ""),
            &variable("s", 1.0, ""),
            &variable("seen", 0.0, ""),
            &variable("slope", 0.0, ""),
        ],
    ) + &list("InitialAssignments", &[&start_value("p", &cn(5.0))])
        + &list(
            "Rules",
            &[
                &rate_rule("q", &cn(2.0)),
                &assignment_rule("r", &apply("plus", &[&ci("p"), &cn(1.0)])),
                &assignment_rule("seen", &ci("q")),
                &assignment_rule("slope", &call("rateOf", &[&ci("q")])),
            ],
        )
        + &list(
            "Events",
            &[&event(
                &apply("geq", &[&ci("q"), &cn(4.5)]),
                "",
                "s",
                &apply("plus", &[&ci("s"), &cn(10.0)]),
            )],
        );
    let outer = |id: &str| {
        let item = format!(
            "submodelRef=a idRef={} conversionFactor=f",
            id.to_lowercase()
        );
        let start = if id == "S" { 3000.0 } else { 1000.0 };
        variable(id, start, &replaces(&[&item]))
    };
    let main = list(
        "Parameters",
        &[
            &constant("f", 1000.0, ""),
            &outer("P"),
            &outer("Q"),
            &outer("R"),
            &outer("S"),
        ],
    ) + &submodels(&["a=leaf"]);
    let table = run(&document(&main, &[("leaf", &leaf)]), 3);
    table.check("P", 1e-9, |_| 5000.0);
    table.check("Q", 1e-6, |t| 1000.0 + 2000.0 * t);
    table.check("R", 1e-9, |_| 6000.0);
    table.check("a__seen", 1e-9, |t| 1.0 + 2.0 * t);
    table.check("a__slope", 1e-9, |_| 2.0);
    // q reaches 4.5 at t = 1.75: s goes from 3 to 13.
    table.check_at("S", 1e-9, &[(1.0, 3000.0), (2.0, 13000.0)]);
}

#[test]
fn factors_along_a_chain_of_replacements_multiply() {
    // p of the leaf is m / 10 of the nest, and m is M / 3 of the whole: p = M / 30.
    let leaf = list(
        "Parameters",
        &[&constant("p", 1.0, ""), &variable("seen", 0.0, "")],
    ) + &list("Rules", &[&assignment_rule("seen", &ci("p"))]);
    let nest = list(
        "Parameters",
        &[
            &constant("ten", 10.0, ""),
            &constant(
                "m",
                1.0,
                &replaces(&["submodelRef=b idRef=p conversionFactor=ten"]),
            ),
        ],
    ) + &submodels(&["b=leaf"]);
    let main = list(
        "Parameters",
        &[
            &constant("three", 3.0, ""),
            &constant(
                "M",
                60.0,
                &replaces(&["submodelRef=a idRef=m conversionFactor=three"]),
            ),
        ],
    ) + &submodels(&["a=nest"]);
    let table = run(&document(&main, &[("leaf", &leaf), ("nest", &nest)]), 1);
    table.check("a__b__seen", 1e-12, |_| 2.0);
}

#[test]
fn a_factor_that_is_replaced_with_a_factor_is_converted_itself() {
    // The nest's `ten` is F / 2 = 10.
    let leaf = list("Parameters", &[&variable("clock", 0.0, "")])
        + &list("Rules", &[&assignment_rule("clock", &time())]);
    let nest = list("Parameters", &[&constant("ten", 1.0, "")])
        + &submodels(&["b=leaf timeConversionFactor=ten"]);
    let main = list(
        "Parameters",
        &[
            &constant("two", 2.0, ""),
            &constant(
                "F",
                20.0,
                &replaces(&["submodelRef=a idRef=ten conversionFactor=two"]),
            ),
        ],
    ) + &submodels(&["a=nest"]);
    let table = run(&document(&main, &[("leaf", &leaf), ("nest", &nest)]), 3);
    table.check("a__b__clock", 1e-12, |t| t / 10.0);
}

#[test]
fn a_factor_of_species_that_is_replaced_with_a_factor_is_a_parameter_of_its_own() {
    let leaf = list("Parameters", &[&constant("k", 1.0, "")])
        + &species(&[("S", 0.0)], "").replace("<species ", "<species conversionFactor=\"k\" ")
        + &list("Reactions", &[&making("J", "S", &cn(1.0), "")]);
    let main = list(
        "Parameters",
        &[
            &constant("two", 2.0, ""),
            &constant(
                "K",
                12.0,
                &replaces(&["submodelRef=a idRef=k conversionFactor=two"]),
            ),
        ],
    ) + &submodels(&["a=leaf"]);
    run(&document(&main, &[("leaf", &leaf)]), 2).check("a__S", 1e-9, |t| 6.0 * t);
}
