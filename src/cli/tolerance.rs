//! `--tolerance`: how far compared numbers may lie apart.

use insilin::diag::did_you_mean;
use insilin::observe::{Allowance, Metric};
use insilin::trajectory::Trajectory;
use insilin::units::parse_quantity;

use super::display;
use super::summary::metric_of;
use super::terminal::{Exit, Terminal};

/// The word for a whole curve, where a metric may stand.
const CURVE: &str = "curve";

/// All limits as typed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// A share, for everything that has no limit of its own.
    general: Option<f64>,
    named: Vec<Named>,
}

/// A limit for one quantity.
#[derive(Clone, Debug, PartialEq)]
struct Named {
    id: String,
    part: Part,
    limit: Limit,
    typed: String,
}

/// What of a quantity a limit is for.
#[derive(Clone, Debug, PartialEq)]
enum Part {
    All,
    Curve,
    Metric(String),
}

/// A share, or a distance and its unit.
#[derive(Clone, Debug, PartialEq)]
enum Limit {
    Share(f64),
    Distance(f64, String),
}

/// What is wrong with a limit, and what to do about it.
type Refusal = (String, String);

/// Reads what was typed.
///
/// # Errors
/// Exit code 2; everything that has no meaning has been said.
pub fn read(typed: &[String], terminal: Terminal) -> Result<Limits, Exit> {
    let mut limits = Limits::default();
    let mut refusals = Vec::new();
    for text in typed {
        if let Err(refusal) = limits.add(text) {
            refusals.push(refusal);
        }
    }
    refused(&refusals, terminal)?;
    Ok(limits)
}

fn refused(refusals: &[Refusal], terminal: Terminal) -> Result<(), Exit> {
    for (message, hint) in refusals {
        terminal.failure("cli/tolerance", message, hint);
    }
    if refusals.is_empty() {
        Ok(())
    } else {
        Err(Exit::Input)
    }
}

impl Limits {
    fn add(&mut self, typed: &str) -> Result<(), Refusal> {
        let Some((of, limit)) = typed.split_once('=') else {
            return self.add_general(typed);
        };
        let limit = limit_of(limit.trim(), typed)?;
        let (id, part) = part_of(of.trim())?;
        if let (Part::All, Limit::Distance(..)) = (&part, &limit) {
            let message = format!("`{typed}` gives one distance to numbers of different units");
            let hint =
                format!("name the metric, as in `{id}.peak=…`, or give a share, as in `{id}=5%`");
            return Err((message, hint));
        }
        let typed = typed.to_string();
        self.named.push(Named {
            id,
            part,
            limit,
            typed,
        });
        Ok(())
    }

    fn add_general(&mut self, typed: &str) -> Result<(), Refusal> {
        let Limit::Share(share) = limit_of(typed.trim(), typed)? else {
            let message = format!("`{typed}` is a distance, and numbers of all units are compared");
            let hint = "give a share, as in `5%`, or name the metric, as in `NAME.peak=2 mg/dL`";
            return Err((message, hint.to_string()));
        };
        if self.general.replace(share).is_some() {
            let message = "`--tolerance` says twice what holds for everything".to_string();
            return Err((
                message,
                "give one share, and name what differs from it".to_string(),
            ));
        }
        Ok(())
    }

    /// Whether nothing is limited.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// Metrics of a quantity that have a limit of their own, as typed.
    pub fn metrics_of(&self, id: &str) -> impl Iterator<Item = &str> {
        let named = self.named.iter().filter(move |named| named.id == id);
        named.filter_map(|named| match &named.part {
            Part::Metric(text) => Some(text.as_str()),
            Part::All | Part::Curve => None,
        })
    }

    /// Every limit must speak of something compared, in a unit of its kind.
    ///
    /// * `compared` — what is compared, in its units
    ///
    /// # Errors
    /// Exit code 2; everything that has no meaning has been said.
    pub fn check(&self, compared: &[&Trajectory], terminal: Terminal) -> Result<(), Exit> {
        let refusal = |named: &Named| named.refusal(compared);
        let refusals: Vec<Refusal> = self.named.iter().filter_map(refusal).collect();
        refused(&refusals, terminal)
    }

    /// The limit of a metric: its own, that of its quantity, the general one, or none.
    pub fn of_metric(&self, id: &str, metric: Metric, reference: &Trajectory) -> Option<Allowance> {
        let unit = reference.column(id)?.unit.as_str();
        let unit = metric.unit(unit, &reference.time_unit);
        self.find(id, &unit, |part| match part {
            Part::Metric(text) => metric_of(text, reference, id) == Some(metric),
            Part::All | Part::Curve => false,
        })
    }

    /// The limit of a whole curve: its own, that of its quantity, the general one, or none.
    pub fn of_curve(&self, id: &str, reference: &Trajectory) -> Option<Allowance> {
        let unit = &reference.column(id)?.unit;
        self.find(id, unit, |part| *part == Part::Curve)
    }

    fn find(&self, id: &str, unit: &str, own: impl Fn(&Part) -> bool) -> Option<Allowance> {
        let of = || self.named.iter().filter(|named| named.id == id);
        let exact = of().find(|named| own(&named.part));
        let whole = || of().find(|named| named.part == Part::All);
        match exact.or_else(whole) {
            Some(named) => named.limit.allowance(unit),
            None => self.general.map(Allowance::Relative),
        }
    }
}

impl Limit {
    fn allowance(&self, unit: &str) -> Option<Allowance> {
        match self {
            Self::Share(share) => Some(Allowance::Relative(*share)),
            Self::Distance(distance, typed) => {
                let factor = same_kind(typed, unit)?;
                Some(Allowance::Absolute(distance * factor))
            }
        }
    }
}

/// A bare number is a distance of pure numbers alone.
fn same_kind(typed: &str, unit: &str) -> Option<f64> {
    if typed.is_empty() && !unit.is_empty() {
        return None;
    }
    display::factor(typed, unit)
}

impl Named {
    fn refusal(&self, compared: &[&Trajectory]) -> Option<Refusal> {
        let typed = &self.typed;
        let Some(reference) = compared.iter().find(|one| one.column(&self.id).is_some()) else {
            let message = format!("`{typed}`: no quantity `{}` is compared", self.id);
            let ids = compared.iter().flat_map(|one| &one.columns);
            let ids: Vec<&str> = ids.map(|column| column.id.as_str()).collect();
            let hint = match did_you_mean(&self.id, ids.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => "`--select` says what is compared".to_string(),
            };
            return Some((message, hint));
        };
        let Limit::Distance(_, given) = &self.limit else {
            return None;
        };
        let column = &reference.column(&self.id)?.unit;
        let unit = match &self.part {
            Part::Metric(text) => {
                metric_of(text, reference, &self.id)?.unit(column, &reference.time_unit)
            }
            Part::All | Part::Curve => column.clone(),
        };
        if same_kind(given, &unit).is_some() {
            return None;
        }
        let message = match given.as_str() {
            "" => format!("`{typed}` is in {unit}: the number needs a unit"),
            given => format!("`{typed}` is in {unit}, and {given} is another dimension"),
        };
        Some((message, format!("write the limit in {unit} or in %")))
    }
}

/// `5%`, `2 mg/dL`.
fn limit_of(text: &str, typed: &str) -> Result<Limit, Refusal> {
    let example = "as in `5%`, `NAME.peak=2 mg/dL`, `NAME.curve=3%`";
    let quantity = parse_quantity(text).map_err(|error| {
        (
            format!("`{typed}` is no limit: {error}"),
            example.to_string(),
        )
    })?;
    if quantity.value < 0.0 {
        let message = format!("`{typed}`: nothing lies less than nothing apart");
        return Err((message, "give a limit of zero or more".to_string()));
    }
    match quantity.unit_text.as_str() {
        "%" => Ok(Limit::Share(quantity.value / 100.0)),
        unit => Ok(Limit::Distance(quantity.value, unit.to_string())),
    }
}

/// `G`, `G.peak`, `G.curve`.
fn part_of(text: &str) -> Result<(String, Part), Refusal> {
    let (id, part) = match text.split_once('.') {
        None => (text, Part::All),
        Some((id, part)) if part.trim() == CURVE => (id, Part::Curve),
        Some((id, metric)) => {
            let known = Metric::parse(metric);
            known.map_err(|error| {
                let hint = format!("or `{CURVE}` for the whole curve");
                (error.to_string(), hint)
            })?;
            (id, Part::Metric(metric.trim().to_string()))
        }
    };
    Ok((id.trim().to_string(), part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use insilin::trajectory::csv;

    fn meal() -> Trajectory {
        csv::read("time [min],G [mg/dL],share\n0,90,0.1\n60,160,0.2\n").unwrap()
    }

    fn limits(typed: &[&str]) -> Limits {
        let mut limits = Limits::default();
        typed.iter().for_each(|text| limits.add(text).unwrap());
        limits
    }

    #[test]
    fn the_narrowest_limit_holds() {
        let limits = limits(&["5%", "G=1%", "G.peak=0.02 g/L", "G.curve=3%"]);
        let of = |id, metric| limits.of_metric(id, metric, &meal());
        assert_eq!(of("G", Metric::Peak), Some(Allowance::Absolute(2.0)));
        assert_eq!(of("G", Metric::Initial), Some(Allowance::Relative(0.01)));
        assert_eq!(of("share", Metric::Peak), Some(Allowance::Relative(0.05)));
        assert_eq!(
            limits.of_curve("G", &meal()),
            Some(Allowance::Relative(0.03))
        );
        assert_eq!(
            limits.of_curve("share", &meal()),
            Some(Allowance::Relative(0.05))
        );
    }

    #[test]
    fn a_limit_of_one_metric_leaves_all_else_alone() {
        let limits = limits(&["G.at 60 min=1 mg/dL", "share.peak=0.1"]);
        let of = |id, metric| limits.of_metric(id, metric, &meal());
        assert_eq!(of("G", Metric::At(60.0)), Some(Allowance::Absolute(1.0)));
        assert_eq!(of("G", Metric::At(30.0)), None);
        assert_eq!(of("share", Metric::Peak), Some(Allowance::Absolute(0.1)));
        assert_eq!(limits.metrics_of("G").collect::<Vec<_>>(), ["at 60 min"]);
    }

    #[test]
    fn limits_without_meaning_are_refused_with_the_reason() {
        let refused = |typed: &str| Limits::default().add(typed).unwrap_err().0;
        assert!(refused("-5%").contains("less than nothing"));
        assert!(refused("0.05").contains("is a distance"));
        assert!(refused("nan%").contains("is no limit"));
        assert!(refused("G.pek=5%").contains("`peak`"));
        assert!(refused("G=2 mg/dL").contains("different units"));
        let late = |typed: &str| limits(&[typed]).named[0].refusal(&[&meal()]).unwrap().0;
        assert!(late("G.peak=2").contains("needs a unit"));
        assert!(late("G.peak=2 min").contains("another dimension"));
        assert!(late("H=2%").contains("no quantity `H`"));
    }
}
