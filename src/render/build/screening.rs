//! Screening by elementary effects (Morris): which parameters matter, and which do so in no simple way.

use crate::render::{Axis, Colour, Figure, Guide, Name, Panel, Series, SeriesKind};

/// The elementary effects of one parameter, in the unit of the result.
#[derive(Debug, Clone, PartialEq)]
pub struct Elementary {
    /// The parameter.
    pub name: String,
    /// Mean of the absolute effects, µ*, ≥ 0.
    pub mu_star: f64,
    /// Half-length of the confidence interval of µ*; NaN when not known.
    pub mu_star_half: f64,
    /// Standard deviation of the effects, σ, ≥ 0.
    pub sigma: f64,
    /// Half-length of the confidence interval of σ; NaN when not known.
    pub sigma_half: f64,
}

/// σ against µ* for every parameter, with names, intervals, and the lines σ = µ*, µ*/2 and µ*/10.
///
/// * `result` — what was computed, with its unit
///
/// Above the first line the effect of a parameter is far from monotone or depends on others; below the last it is
/// nearly linear. Source: Garcia Sanchez et al. 2014, Energy and Buildings 68:741–750.
pub fn morris(title: &str, result: &Axis, parameters: &[Elementary]) -> Figure {
    let mut sorted: Vec<&Elementary> = parameters
        .iter()
        .filter(|parameter| parameter.mu_star.is_finite() && parameter.sigma.is_finite())
        .collect();
    // Those that matter get their names first.
    sorted.sort_by(|one, other| other.mu_star.total_cmp(&one.mu_star));
    let pick = |value: fn(&Elementary) -> f64| -> Vec<f64> {
        sorted.iter().map(|parameter| value(parameter)).collect()
    };
    let known = |half: Vec<f64>| {
        if half.iter().any(|half| half.is_finite()) {
            half
        } else {
            Vec::new()
        }
    };
    let mut points = Series::new(
        "",
        SeriesKind::Points,
        pick(|it| it.mu_star),
        pick(|it| it.sigma),
        Colour::Series(0),
    )
    .with_spread(known(pick(|it| it.sigma_half)));
    points.x_spread = known(pick(|it| it.mu_star_half));
    let reach = |value: f64, half: f64| value + if half.is_finite() { half } else { 0.0 };
    let widest = sorted.iter().map(|it| reach(it.mu_star, it.mu_star_half));
    let highest = sorted.iter().map(|it| reach(it.sigma, it.sigma_half));
    let top = |ends: &mut dyn Iterator<Item = f64>| match ends.fold(0.0, f64::max) {
        0.0 => 1.0,
        end => 1.08 * end,
    };
    let right = top(&mut widest.into_iter());
    let above = top(&mut highest.into_iter());
    let guide = |(slope, label): (f64, &str)| Guide {
        from: (0.0, 0.0),
        // As far as both axes reach; what lies outside is cut off.
        to: (right.max(above / slope), slope * right.max(above / slope)),
        label: label.into(),
    };
    if !points.spread.is_empty() || !points.x_spread.is_empty() {
        points.label = "parameter, bars: confidence intervals".into();
    }
    let axis = |symbol: &str, words: &str, end: f64| Axis {
        range: Some((0.0, end)),
        ..Axis::new(format!("{symbol}, {words}"), result.unit.clone())
    };
    let of = match result.label.as_str() {
        "" => "the result".to_string(),
        label => label.to_string(),
    };
    let panel = Panel {
        x: axis("µ*", &format!("mean size of the effect on {of}"), right),
        y: axis("σ", "spread of the effect", above),
        series: vec![points],
        guides: [(1.0, "σ = µ*"), (0.5, "σ = µ*/2"), (0.1, "σ = µ*/10")]
            .map(guide)
            .into(),
        names: sorted
            .iter()
            .map(|it| Name {
                at: (it.mu_star, it.sigma),
                words: it.name.clone(),
            })
            .collect(),
        ..Panel::default()
    };
    Figure::new(title, vec![panel])
}
