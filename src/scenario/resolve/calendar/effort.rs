//! Exercise bouts: steady, with weights, and in intervals.

use crate::diag::Diagnostic;

use super::super::super::MarkKind;
use super::super::super::raw::calendar::{Effort, Intensity, Timed};
use super::super::super::raw::{At, Scalar, suggestion};
use super::chance::Number;
use super::items::{Reader, input, shown};
use super::numbers::{Kind, unit};
use super::plan::{Dose, Hold, Planned};

/// Codes of the input `activity_mode`.
const MODES: [(&str, f64); 6] = [
    ("walk", 1.0),
    ("run", 2.0),
    ("cycle", 3.0),
    ("swim", 4.0),
    ("resistance", 5.0),
    ("other", 6.0),
];

/// Oxygen uptake of one MET, mL/kg/min, by the definition of the MET.
const OXYGEN_PER_MET: f64 = 3.5;

/// Taken where the person's is not known, mL/kg/min; between the medians of women and men of forty, rounded.
const USUAL_FITNESS: f64 = 40.0;

/// More rounds than this in one bout are a mistake.
const MOST_ROUNDS: f64 = 500.0;

/// Maximal oxygen uptake, mL/kg/min.
#[derive(Clone, Copy, Debug)]
pub(super) struct Fitness {
    value: f64,
    known: bool,
    told: bool,
}

impl Fitness {
    pub fn new(known: Option<f64>) -> Self {
        Self {
            value: known.unwrap_or(USUAL_FITNESS),
            known: known.is_some(),
            told: false,
        }
    }

    /// How many percent of the maximal uptake one MET is.
    fn percent_per_met(&self) -> f64 {
        100.0 * OXYGEN_PER_MET / self.value
    }
}

/// How hard a part is: one number, and what it is in percent of the maximal uptake and in MET.
#[derive(Clone, Copy)]
struct Hard {
    number: Number,
    aerobic: f64,
    met: f64,
}

impl Reader<'_, '_, '_, '_> {
    pub fn bout(
        &mut self,
        mode: &At<String>,
        effort: &Effort,
        planned: &mut Planned,
    ) -> Option<()> {
        planned.kind = MarkKind::Bout;
        planned.awake = true;
        planned.label.clone_from(&mode.value);
        let code = self.mode(mode)?;
        self.hold_plain("activity_mode", code, planned);
        match effort {
            Effort::Steady(intensity) => {
                let hard = self.intensity(intensity)?;
                hold(planned, hard, None);
                Some(())
            }
            Effort::Resistance {
                sets,
                repetitions,
                load,
                exercises,
                met,
            } => self.resistance(
                (sets, repetitions, exercises.as_ref()),
                load,
                met.as_ref(),
                planned,
            ),
            Effort::Intervals {
                rounds,
                work,
                rest,
                warm_up,
                cool_down,
            } => self.intervals(
                rounds,
                (work, rest),
                (warm_up.as_ref(), cool_down.as_ref()),
                planned,
            ),
        }
    }

    fn mode(&mut self, mode: &At<String>) -> Option<f64> {
        let known = MODES.iter().find(|(name, _)| *name == mode.value);
        if known.is_none() {
            let names: Vec<&str> = MODES.iter().map(|(name, _)| *name).collect();
            let message = format!("no bout is called `{}`", mode.value);
            let found = Diagnostic::error("scenario/unknown-word", message).at(mode.span);
            let hint = suggestion(&mode.value, &names);
            self.context
                .findings
                .push(found.hint(format!("{hint}; `other` stands for all else")));
        }
        known.map(|(_, code)| *code)
    }

    fn intensity(&mut self, written: &Intensity) -> Option<Hard> {
        match written {
            Intensity::Met(met) => self.met(met, "met"),
            Intensity::Share(share) => self.share_or_met(share, "intensity"),
        }
    }

    /// `65 %VO2max` or `9 MET`.
    fn share_or_met(&mut self, written: &At<Scalar>, of: &str) -> Option<Hard> {
        let text = shown(&written.value);
        if text.ends_with("MET") || text.ends_with("METs") {
            return self.met(written, of);
        }
        let number = self.number(
            written,
            &Kind {
                of,
                unit: unit("%"),
                unit_text: "%",
                bounds: (0.0, 100.0),
                share_of: Some("VO2max"),
            },
        )?;
        self.tell_fitness("activity_met", written);
        Some(Hard {
            number,
            aerobic: 1.0,
            met: 1.0 / self.fitness.percent_per_met(),
        })
    }

    fn met(&mut self, written: &At<Scalar>, of: &str) -> Option<Hard> {
        let per_met = self.fitness.percent_per_met();
        // Somebody whose fitness is not known may be fit enough.
        let most = if self.fitness.known {
            100.0 / per_met
        } else {
            30.0
        };
        let number = self.number(
            written,
            &Kind {
                of,
                unit: unit("MET"),
                unit_text: "",
                bounds: (0.0, most),
                share_of: None,
            },
        )?;
        self.tell_fitness("activity_aerobic", written);
        Some(Hard {
            number,
            aerobic: per_met,
            met: 1.0,
        })
    }

    /// Says once that the fitness is a guess, where the model takes what follows from it.
    fn tell_fitness(&mut self, needed: &str, written: &At<Scalar>) {
        let taken = self.context.inputs.inputs.contains_key(needed);
        if self.fitness.known || self.fitness.told || !taken {
            return;
        }
        self.fitness.told = true;
        let message = format!(
            "the person's fitness is not known: {USUAL_FITNESS} mL/kg/min of oxygen at most are taken"
        );
        let found = Diagnostic::note("scenario/fitness", message).at(written.span);
        self.context
            .findings
            .push(found.hint("name a `subject` whose `fitness` is known"));
    }

    fn resistance(
        &mut self,
        (sets, repetitions, exercises): (&At<Scalar>, &At<Scalar>, Option<&At<Scalar>>),
        load: &At<Scalar>,
        met: Option<&At<Scalar>>,
        planned: &mut Planned,
    ) -> Option<()> {
        let sets = self.fixed(sets, &count("sets"))?;
        let mut amount = self.number(repetitions, &count("repetitions"))?;
        let exercises = match exercises {
            Some(exercises) => self.fixed(exercises, &count("exercises"))?.mean,
            None => 1.0,
        };
        let times = sets.mean * exercises;
        amount.mean *= times;
        amount.sd *= times;
        amount.bounds = (0.0, f64::INFINITY);
        planned.doses.push(Dose {
            input: input("resistance_repetitions"),
            amount,
            at_end: true,
        });
        let load = self.number(
            load,
            &Kind {
                of: "load",
                unit: unit("%"),
                unit_text: "%",
                bounds: (0.0, 100.0),
                share_of: Some("1RM"),
            },
        )?;
        planned.holds.push(Hold {
            input: input("activity_resistance"),
            number: load,
            factor: 1.0,
            part: None,
        });
        if let Some(met) = met {
            let hard = self.met(met, "met")?;
            hold(planned, hard, None);
        }
        Some(())
    }

    fn intervals(
        &mut self,
        rounds: &At<f64>,
        (work, rest): (&Timed, &Timed),
        (warm_up, cool_down): (Option<&At<Scalar>>, Option<&At<Scalar>>),
        planned: &mut Planned,
    ) -> Option<()> {
        if !(1.0..=MOST_ROUNDS).contains(&rounds.value) || rounds.value.fract() != 0.0 {
            let message = "`rounds` is no whole number from 1 to 500";
            let found = Diagnostic::error("scenario/number", message).at(rounds.span);
            self.context
                .findings
                .push(found.hint("for example `rounds = 10`"));
            return None;
        }
        let hard = self.share_or_met(&work.1, "work_intensity");
        let easy = self.share_or_met(&rest.1, "rest_intensity");
        let work = self.length(&work.0, "work");
        let rest = self.length(&rest.0, "rest");
        let warm_up = warm_up.map(|length| self.length(length, "warm_up"));
        let cool_down = cool_down.map(|length| self.length(length, "cool_down"));
        let (hard, easy, work, rest) = (hard?, easy?, work?, rest?);
        let mut part = |length: Number, effort: Hard| {
            hold(planned, effort, Some(planned.parts.len()));
            planned.parts.push(length);
        };
        if let Some(length) = warm_up {
            part(length?, easy);
        }
        for _ in 0..rounds.value as u32 {
            part(work, hard);
            part(rest, easy);
        }
        if let Some(length) = cool_down {
            part(length?, easy);
        }
        Some(())
    }
}

fn count(of: &str) -> Kind<'_> {
    Kind {
        of,
        unit: unit("1"),
        unit_text: "",
        bounds: (1.0, 1000.0),
        share_of: None,
    }
}

fn hold(planned: &mut Planned, hard: Hard, part: Option<usize>) {
    for (name, factor) in [
        ("activity_aerobic", hard.aerobic),
        ("activity_met", hard.met),
    ] {
        planned.holds.push(Hold {
            input: input(name),
            number: hard.number,
            factor,
            part,
        });
    }
}
