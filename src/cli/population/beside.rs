//! A simulated spread beside a published one, in words.

use insilin::ensemble::{Comparison, Spread, compare};
use insilin::observe::percentile::quantile;
use insilin::render::number::significant;
use serde_json::{Value as Json, json};

use crate::cli::sweep::SpreadRecord;

/// One published spread with what came out.
pub struct Beside {
    /// Published mean.
    pub mean: Option<f64>,
    /// Published standard deviation.
    pub sd: Option<f64>,
    /// Published number of persons.
    pub n: Option<f64>,
    /// Whether the population was made from these numbers.
    pub given: bool,
    /// Where they come from.
    pub source: String,
    /// Where a standard deviation was published.
    pub comparison: Option<Comparison>,
    found: (f64, f64),
    /// Published and simulated percentiles by their percentage.
    percentiles: Vec<(f64, f64, f64)>,
}

impl Beside {
    /// Lays them beside each other; `sorted` are the values that `found` is of.
    pub fn new(published: &SpreadRecord, found: &Spread, sorted: &[f64]) -> Self {
        let compared = |sd| compare(found, published.mean, sd, published.n);
        let percentiles = published.percentiles.iter();
        Self {
            mean: published.mean,
            sd: published.sd,
            n: published.n,
            given: published.given,
            source: published.source.clone(),
            comparison: published.sd.map(compared),
            found: (found.mean, found.sd),
            percentiles: percentiles
                .map(|(percent, value)| (*percent, *value, quantile(sorted, percent / 100.0)))
                .collect(),
        }
    }

    /// What it says, in the unit of the metric, line by line.
    pub fn words(&self, unit: &str) -> Vec<String> {
        let number = |value: f64| significant(value, 3);
        let unit = if unit.is_empty() {
            String::new()
        } else {
            format!(" {unit}")
        };
        let mut parts = Vec::new();
        if let (Some(sd), Some(comparison)) = (self.sd, self.comparison) {
            let (_, own) = self.found;
            parts.push(format!(
                "SD {}{unit}, published {}: {} of it{}",
                number(own),
                number(sd),
                number(comparison.sd_ratio),
                chance(&comparison, self.n)
            ));
            parts.extend(self.mean_words(&comparison, &unit));
        }
        if let [(low, a, own_a), .., (high, b, own_b)] = self.percentiles.as_slice() {
            parts.push(format!(
                "{low} to {high} % of people from {} to {}{unit}, published {} to {}: {} as wide",
                number(*own_a),
                number(*own_b),
                number(*a),
                number(*b),
                number((own_b - own_a) / (b - a))
            ));
        }
        if self.given {
            parts.push("the population was made from these numbers".to_string());
        }
        parts
    }

    fn mean_words(&self, comparison: &Comparison, unit: &str) -> Option<String> {
        let (mean, off) = (self.mean?, comparison.mean_difference?);
        let number = |value: f64| significant(value, 3);
        let side = if off < 0.0 { "below" } else { "above" };
        let errors = comparison.mean_z.map_or_else(String::new, |z| {
            let within = if z.abs() <= 1.96 {
                "within chance"
            } else {
                "beyond chance"
            };
            format!(" ({} standard errors, {within})", significant(z.abs(), 2))
        });
        Some(format!(
            "mean {}{unit}, published {}: {} {side}{errors}",
            number(self.found.0),
            number(mean),
            number(off.abs())
        ))
    }

    /// As data.
    pub fn json(&self, unit: &str) -> Json {
        let comparison = self.comparison;
        let percentiles: Vec<Json> = self
            .percentiles
            .iter()
            .map(|(percent, published, own)| {
                let own = own.is_finite().then_some(*own);
                json!({ "percent": percent, "published": published, "simulated": own })
            })
            .collect();
        let finite = |value: f64| value.is_finite().then_some(value);
        json!({
            "published_mean": self.mean, "published_sd": self.sd, "published_people": self.n, "given": self.given,
            "sd_ratio": comparison.and_then(|one| finite(one.sd_ratio)),
            "sd_ratio_by_chance": comparison.and_then(|one| one.chance).map(|(low, high)| json!([low, high])),
            "alike": comparison.and_then(|one| one.is_alike()),
            "mean_difference": comparison.and_then(|one| one.mean_difference).and_then(finite),
            "percentiles": percentiles, "words": self.words(unit), "source": self.source,
        })
    }
}

fn chance(comparison: &Comparison, n: Option<f64>) -> String {
    let (Some((low, high)), Some(n)) = (comparison.chance, n) else {
        return " (the number of persons is not published)".to_string();
    };
    let verdict = if comparison.sd_ratio < low {
        "narrower than"
    } else if comparison.sd_ratio > high {
        "wider than"
    } else {
        "within what"
    };
    format!(
        ", {verdict} chance gives with {n} persons ({} to {})",
        significant(low, 3),
        significant(high, 3)
    )
}
