//! What the reactions conserve stays conserved along a run.

use insilin::compile::program::Moiety;

use crate::STEPS;
use crate::support::files::shipped_models;
use crate::support::program::{Place, disturbed, shipped_program, walk};

/// Largest drift over the run as a share of the total's terms: some rounding in each of the steps.
const DRIFT: f64 = 1e-12;

/// The total of a moiety, and the sum of the sizes of its terms.
fn total(moiety: &Moiety, place: &Place) -> (f64, f64) {
    let terms = moiety
        .terms
        .iter()
        .map(|&(state, coefficient)| coefficient * place.y[state]);
    terms.fold((0.0, 0.0), |(sum, size), term| {
        (sum + term, size + term.abs())
    })
}

#[test]
fn conserved_totals_stay_along_a_run() {
    for path in shipped_models() {
        let program = shipped_program(&path);
        let start = disturbed(&path, &program);
        for (n, place) in walk(&program, &start, STEPS).iter().enumerate() {
            for moiety in &program.moieties {
                let ((before, size), (now, _)) = (total(moiety, &start), total(moiety, place));
                let id = &program.states[moiety.terms[0].0].id;
                let drift = (now - before).abs();
                assert!(
                    drift <= DRIFT * size,
                    "{path}: the total with `{id}` drifted by {drift:e} in {} steps",
                    n + 1
                );
            }
        }
    }
}

/// The pools of a program that sum to a constant, each sorted by name.
fn pools(path: &str) -> Vec<Vec<String>> {
    let program = shipped_program(path);
    let pool = |moiety: &Moiety| {
        let all_one = moiety
            .terms
            .iter()
            .all(|&(_, coefficient)| coefficient == moiety.terms[0].1);
        assert!(all_one, "{path}: pools count each form once");
        let mut ids: Vec<String> = moiety
            .terms
            .iter()
            .map(|&(state, _)| program.states[state].id.clone())
            .collect();
        ids.sort();
        ids
    };
    let mut pools: Vec<Vec<String>> = program.moieties.iter().map(pool).collect();
    pools.sort();
    pools
}

#[test]
fn the_fat_cell_of_brannmark_keeps_nine_proteins_and_their_helper() {
    let forms = |ids: &[&str]| ids.iter().map(|id| (*id).to_string()).collect::<Vec<_>>();
    let want = vec![
        forms(&["AS160", "AS160_p"]),
        forms(&["GLUT4_in", "GLUT4_pm"]),
        forms(&["IR", "IR_in", "IR_in_pY", "IR_ins", "IR_pY"]),
        forms(&["IRS1", "IRS1_pS307", "IRS1_pY", "IRS1_pY_pS307"]),
        forms(&["PKB", "PKB_pS473", "PKB_pT308", "PKB_pT308_pS473"]),
        forms(&["S6", "S6_p"]),
        forms(&["S6K", "S6K_p"]),
        forms(&["X", "X_p"]),
        forms(&["mTORC1", "mTORC1_a"]),
        forms(&["mTORC2", "mTORC2_a"]),
    ];
    assert_eq!(pools("published/brannmark_2013.ant"), want);
    assert_eq!(pools("published/brannmark_2013_t2d.ant"), want);
}

#[test]
fn the_fat_cell_of_sedaghat_makes_and_loses_receptors_and_glut4_and_keeps_the_rest() {
    let kept = |path: &str, ids: &[&str]| {
        let program = shipped_program(path);
        ids.iter().all(|id| {
            let state = program.states.iter().position(|state| state.id == *id);
            let state = state.unwrap_or_else(|| panic!("{path} has no state `{id}`"));
            program
                .moieties
                .iter()
                .any(|moiety| moiety.terms.iter().any(|&(at, _)| at == state))
        })
    };
    for path in [
        "published/sedaghat_2002.ant",
        "published/sedaghat_2002_feedback.ant",
    ] {
        assert_eq!(
            shipped_program(path).moieties.len(),
            5,
            "IRS-1, PI 3-kinase, lipids, Akt, PKC zeta"
        );
        assert!(kept(
            path,
            &[
                "IRS1",
                "IRS1_pY",
                "PI3K",
                "IRS1_pY_PI3K",
                "PIP2",
                "PIP3",
                "PI34P2"
            ]
        ));
        assert!(kept(path, &["AKT", "AKT_p", "PKCz", "PKCz_p"]));
        assert!(!kept(path, &["IR_pm"]) && !kept(path, &["GLUT4_pm"]));
    }
    for path in [
        "published/dalla_man_2007.ant",
        "published/dalla_man_2007_t2d.ant",
    ] {
        assert!(
            shipped_program(path).moieties.is_empty(),
            "glucose and insulin come and go"
        );
    }
}
