//! A scenario to begin with.

use crate::model::{Model, Rule, Symbol};

use super::inputs::{InputKind, Inputs};

/// Most quantities that a fresh scenario observes.
const MOST_OBSERVED: usize = 4;

/// The text of a commented scenario about a model; it runs as it is.
///
/// * `name` — as wanted; what may not stand in a name becomes a hyphen
/// * `path` — the model's path as the scenario is to write it
///
/// It gives or holds the first named input, a quarter of its range, and observes what its author gave display names.
pub fn template(name: &str, path: &str, model: &Model, inputs: &Inputs) -> String {
    let unit = time_unit(model);
    let end = 300.0;
    let mut text = format!(
        "# What is the question? One sentence.\n\
         schema = 1\n\
         name = \"{}\"  # names the folder of the results\n\
         title = \"{}\"\n\
         model = \"{path}\"  # `insilin list` shows others\n\
         time = {{ {unit}span = [0, {end}], every = 1 }}\n\
         initial = \"model\"  # or \"steady-state\": settled with the protocol's first values\n\n",
        plain(name),
        if model.name.is_empty() {
            &model.id
        } else {
            &model.name
        },
    );
    text.push_str("# What is done, each interval being [from, to). Bare numbers are times, all else carries its unit.\n");
    text.push_str(&format!(
        "# `insilin list inputs {path}` shows what can be driven.\n"
    ));
    text.push_str(&protocol(inputs));
    text.push_str(
        "\n# What differs from the model file, each with its reason.\n\
         # [parameters]\n\
         # NAME = { value = \"1.5 unit\", why = \"the reason\" }\n\n\
         # What to read off: initial, final, min, peak, rise, mean, time_to_peak, \"at 60\", auc, iauc, half_rise.\n\
         [observe]\n",
    );
    for id in observed(model) {
        text.push_str(&format!(
            "{id} = [\"initial\", \"peak\", \"time_to_peak\", \"final\"]\n"
        ));
    }
    text.push_str(
        "\n# What should come out, for `insilin run --check`.\n\
         # [[expect]]\n\
         # metric = \"NAME.peak\"\n\
         # within = [\"1 unit\", \"2 unit\"]\n\
         # source = \"where the expectation comes from\"\n",
    );
    text
}

fn plain(name: &str) -> String {
    let lower = name.to_lowercase();
    let letters: String = lower
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
        .collect();
    let parts: Vec<&str> = letters.split('-').filter(|part| !part.is_empty()).collect();
    if parts.is_empty() {
        "scenario".to_string()
    } else {
        parts.join("-")
    }
}

/// `unit = "min", ` when the model says what its time is.
fn time_unit(model: &Model) -> String {
    let Some(unit) = model.units.time else {
        return String::new();
    };
    ["s", "min", "h", "d"]
        .into_iter()
        .find(|name| crate::units::parse_unit(name).is_ok_and(|known| known.same(&unit)))
        .map_or_else(String::new, |name| format!("unit = \"{name}\", "))
}

fn protocol(inputs: &Inputs) -> String {
    let mut lines = String::new();
    for (at, (name, input)) in inputs.inputs.iter().enumerate() {
        let value = input
            .range
            .map_or(1.0, |(low, high)| low + 0.25 * (high - low));
        let entry = match input.kind {
            InputKind::Amount(_) => format!(
                "{{ give = \"{name}\", amount = \"{value} {}\", time = 0 }}",
                input.unit_text
            ),
            InputKind::Level(_) => {
                format!(
                    "{{ hold = \"{name}\", at = \"{value} {}\", from = 0, to = 60 }}",
                    input.unit_text
                )
            }
        };
        // One entry is enough to begin with; the others show what else there is.
        let lead = if at == 0 { "  " } else { "  # " };
        lines.push_str(&format!("{lead}{entry},  # {}\n", input.meaning));
    }
    format!("protocol = [\n{lines}]\n")
}

/// Quantities with display names first, then any that change.
fn observed(model: &Model) -> Vec<String> {
    let changes = |symbol: &Symbol| match symbol {
        Symbol::Species(_) => true,
        Symbol::Parameter(_) => matches!(
            model.rule_of(*symbol),
            Some(Rule::Assignment(..) | Rule::Rate(..))
        ),
        Symbol::Compartment(_)
        | Symbol::Reaction(_)
        | Symbol::Stoichiometry(_)
        | Symbol::Argument(_) => false,
    };
    let mut found: Vec<Symbol> = model.symbols().filter(changes).collect();
    found.sort_by_key(|symbol| model.identity(*symbol).name.is_empty());
    found
        .into_iter()
        .take(MOST_OBSERVED)
        .map(|symbol| model.identity(symbol).id.clone())
        .collect()
}
