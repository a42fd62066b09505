//! Hierarchies without end, or without measure: refused, and quickly.

use std::time::Instant;

use crate::text::*;

/// Refused with this code within seconds, whatever the machine does besides.
fn refused(text: &str, code: &str) {
    let begun = Instant::now();
    let (findings, _) = load(text).expect_err("refused");
    assert_eq!(findings.0[0].code, code);
    assert!(begun.elapsed().as_secs() < 20, "{:?}", begun.elapsed());
}

#[test]
fn definitions_that_use_each_other_twice_are_refused_before_they_fill_the_memory() {
    let mut definitions = vec![(
        "m0".to_string(),
        list("Parameters", &[&constant("k", 1.0, "")]),
    )];
    for level in 1..60 {
        let below = format!("m{}", level - 1);
        let twice = submodels(&[&format!("a={below}"), &format!("b={below}")]);
        definitions.push((format!("m{level}"), twice));
    }
    let definitions: Vec<_> = definitions
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    refused(
        &document(&submodels(&["x=m59"]), &definitions),
        "syntax/sbml-comp-too-large",
    );
}

#[test]
fn definitions_within_each_other_have_a_limit_of_depth() {
    let mut definitions = vec![("m0".to_string(), String::new())];
    for level in 1..300 {
        let below = format!("a=m{}", level - 1);
        definitions.push((format!("m{level}"), submodels(&[&below])));
    }
    let definitions: Vec<_> = definitions
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let text = |top: &str| document(&submodels(&[top]), &definitions);
    refused(&text("x=m299"), "syntax/sbml-comp-too-deep");
    assert!(load(&text("x=m90")).is_ok());
}

#[test]
fn long_ids_on_many_levels_count_too() {
    let id = "i".repeat(60_000);
    let mut definitions = vec![(
        "m0".to_string(),
        list("Parameters", &[&constant("k", 1.0, "")]),
    )];
    for level in 1..20 {
        let below = format!("m{}", level - 1);
        let twice = submodels(&[&format!("{id}={below}"), &format!("b={below}")]);
        definitions.push((format!("m{level}"), twice));
    }
    let definitions: Vec<_> = definitions
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    refused(
        &document(&submodels(&["x=m19"]), &definitions),
        "syntax/sbml-comp-too-large",
    );
}

#[test]
fn a_factor_that_is_converted_by_itself_is_refused() {
    // In `nest`, `x` is replaced by `b.u`, which `b.w` replaces over `g`; and `g` is replaced by `h` over `x`.
    let nest = list(
        "Parameters",
        &[
            &constant("x", 1.0, &replaced_by("submodelRef=b idRef=w")),
            &constant(
                "h",
                1.0,
                &replaces(&["submodelRef=b idRef=g conversionFactor=x"]),
            ),
        ],
    ) + &submodels(&["b=middle"]);
    let middle = list(
        "Parameters",
        &[
            &constant("g", 1.0, ""),
            &constant(
                "w",
                1.0,
                &replaces(&["submodelRef=c idRef=u conversionFactor=g"]),
            ),
        ],
    ) + &submodels(&["c=leaf"]);
    let leaf = list(
        "Parameters",
        &[&constant("u", 1.0, ""), &variable("y", 1.0, "")],
    ) + &list("Rules", &[&assignment_rule("y", &ci("u"))]);
    let main = submodels(&["a=nest"]);
    // `u = w / g`, `g = h / x` and `x` is `w`: no circle, so `u` is `w / (h / w)`.
    let good = document(
        &main,
        &[("leaf", &leaf), ("middle", &middle), ("nest", &nest)],
    );
    run(&good, 1).check("a__b__c__y", 0.0, |_| 1.0);
    // With `x` standing for `u` it goes round.
    let round = good.replace(
        &replaced_by("submodelRef=b idRef=w"),
        "<comp:replacedBy comp:submodelRef=\"b\" comp:idRef=\"c\"><comp:sBaseRef comp:idRef=\"u\"/></comp:replacedBy>",
    );
    refused(&round, "syntax/sbml-comp-circle");
}

#[test]
fn factors_of_factors_are_refused_before_they_fill_the_memory() {
    // Each `f` stands for the one within, over itself: with every level the factors double.
    let link = replaces(&["submodelRef=b idRef=f conversionFactor=f"]);
    let leaf = list(
        "Parameters",
        &[&constant("f", 1.0, ""), &variable("y", 1.0, "")],
    ) + &list("Rules", &[&assignment_rule("y", &ci("f"))]);
    let mut definitions = vec![("m0".to_string(), leaf)];
    for level in 1..60 {
        let below = format!("b=m{}", level - 1);
        let own = list("Parameters", &[&constant("f", 1.0, &link)]);
        definitions.push((format!("m{level}"), own + &submodels(&[&below])));
    }
    let definitions: Vec<_> = definitions
        .iter()
        .map(|(a, b)| (a.as_str(), b.as_str()))
        .collect();
    let text = |top: &str| document(&submodels(&[top]), &definitions);
    refused(&text("x=m59"), "syntax/sbml-comp-too-large");
    assert!(load(&text("x=m8")).is_ok());
}

#[test]
fn many_mistakes_take_no_time_that_grows_with_their_square() {
    let items: Vec<String> = (0..20_000)
        .map(|n| {
            constant(
                &format!("p{n}"),
                1.0,
                &replaces(&["submodelRef=a idRef=nothing"]),
            )
        })
        .collect();
    let items: Vec<&str> = items.iter().map(String::as_str).collect();
    let main = list("Parameters", &items) + &submodels(&["a=leaf"]);
    refused(
        &document(&main, &[("leaf", "")]),
        "syntax/sbml-comp-not-found",
    );
}
