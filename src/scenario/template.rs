//! A scenario to begin with.

/// The text of a commented scenario called `name` that runs as it is: a mixed meal of the published meal model.
///
/// * `name` — lower-case letters, digits and hyphens
pub fn template(name: &str) -> String {
    TEMPLATE.replace("NAME", name)
}

const TEMPLATE: &str = r#"# What does a meal of 50 g glucose do to the glucose and insulin of a healthy adult?
schema = 1
name = "NAME"                            # names the folder of the results
title = "A meal of 50 g"
model = "published/dalla_man_2007.ant"   # `insilin list` shows the others
time = { unit = "min", span = [0, 300], every = 1 }
initial = "model"                        # or "steady-state": settled with the protocol's first values

# What is done, each interval being [from, to). Bare numbers are times, all else carries its unit.
protocol = [
  { meal = "50 g", time = 0 },
  # { hold = "glucose_infusion", at = "2 mg/kg/min", from = 60, to = 120 },
]

# What differs from the model file, each with its reason.
# [parameters]
# Vmx = { value = "0.03 (mg/kg/min)/(pmol/L)", why = "lower insulin sensitivity, assumed" }

# What to read off: initial, final, min, peak, rise, mean, time_to_peak, "at 120 min", auc, iauc, …
[observe]
G_plasma = ["initial", "peak", "time_to_peak", "at 120 min", "iauc"]
I_plasma = ["initial", "peak", "time_to_peak", "at 120 min"]

# What should come out, for `insilin run --check`.
[[expect]]
metric = "G_plasma.initial"
within = ["85 mg/dL", "100 mg/dL"]
source = "assumed: the usual range after a night's fast"
"#;
