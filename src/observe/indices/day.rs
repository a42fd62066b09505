//! Glucose over days: how much of the time in range, how variable.

use super::mean;

/// Share of readings within `[low, high]`, 0 to 1; any unit, the same for all.
///
/// Readings are evenly spaced, as a sensor's are, so that shares of readings are shares of time.
/// Source: Battelino et al. 2019, Diabetes Care 42:1593–1603.
/// ```
/// # use insilin::observe::indices::time_in_range;
/// assert_eq!(time_in_range(&[3.5, 5.0, 8.0, 12.0], 3.9, 10.0), 0.5);
/// ```
pub fn time_in_range(readings: &[f64], low: f64, high: f64) -> f64 {
    if readings.iter().any(|reading| reading.is_nan()) {
        return f64::NAN;
    }
    let inside = readings.iter().filter(|r| (low..=high).contains(*r));
    inside.count() as f64 / readings.len() as f64
}

/// Coefficient of variation of readings, as a fraction: standard deviation (of n − 1) over mean.
///
/// Source: Battelino et al. 2019, Diabetes Care 42:1593–1603.
/// ```
/// # use insilin::observe::indices::coefficient_of_variation;
/// assert_eq!(coefficient_of_variation(&[4.0, 6.0, 8.0]), 2.0 / 6.0);
/// ```
pub fn coefficient_of_variation(readings: &[f64]) -> f64 {
    standard_deviation(readings) / mean(readings)
}

fn standard_deviation(readings: &[f64]) -> f64 {
    if readings.len() < 2 {
        return f64::NAN;
    }
    let middle = mean(readings);
    let squares: f64 = readings.iter().map(|r| (r - middle) * (r - middle)).sum();
    (squares / (readings.len() as f64 - 1.0)).sqrt()
}

/// Mean amplitude of glycaemic excursions (MAGE), in the unit of the readings.
///
/// Excursions are ways between neighbouring turning points; those of at most one standard deviation are overlooked. The
/// mean is taken over the excursions of that direction, up or down, in which the first one goes. 0 without any.
/// * `readings` — evenly spaced, of one day, or of several that are judged with one standard deviation
///
/// Source: Service et al. 1970, Diabetes 19:644–655.
/// ```
/// # use insilin::observe::indices::mean_amplitude_of_excursions;
/// // The standard deviation is 2.2: the ripple from 8 to 7.5 is none, the way up goes from 4 to 9.
/// let readings = [4.0, 8.0, 7.5, 9.0, 4.0, 5.0];
/// assert_eq!(mean_amplitude_of_excursions(&readings), 5.0);
/// ```
pub fn mean_amplitude_of_excursions(readings: &[f64]) -> f64 {
    let least = standard_deviation(readings);
    if least.is_nan() {
        return f64::NAN;
    }
    let excursions = excursions(readings, least);
    let Some(first) = excursions.first() else {
        return 0.0;
    };
    let same_way = |way: &&f64| way.is_sign_positive() == first.is_sign_positive();
    let sizes: Vec<f64> = excursions
        .iter()
        .filter(same_way)
        .map(|w| w.abs())
        .collect();
    mean(&sizes)
}

/// Ways between turning points, signed, each larger than `least`.
fn excursions(readings: &[f64], least: f64) -> Vec<f64> {
    let mut turns: Vec<f64> = readings.first().copied().into_iter().collect();
    // The last turning point moves with the readings until they go back by more than `least`.
    let mut extreme: Option<f64> = None;
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for &reading in readings {
        let Some(last) = extreme else {
            (low, high) = (low.min(reading), high.max(reading));
            if high - low > least {
                turns = vec![if reading == high { low } else { high }];
                extreme = Some(reading);
            }
            continue;
        };
        let before = turns[turns.len() - 1];
        let goes_up = last > before;
        if (reading > last) == goes_up && reading != last {
            extreme = Some(reading);
        } else if (reading - last).abs() > least {
            turns.push(last);
            extreme = Some(reading);
        }
    }
    turns.extend(extreme);
    let ways = turns.windows(2).map(|pair| pair[1] - pair[0]);
    ways.filter(|way| way.abs() > least).collect()
}

/// HbA1c that goes with a mean glucose (mmol/L) held for months, % (NGSP).
///
/// `(Ḡ + 2.59) / 1.59`, the line of the ADAG study solved for HbA1c.
/// Source: Nathan et al. 2008, Diabetes Care 31:1473–1478.
/// ```
/// # use insilin::observe::indices::estimated_hba1c;
/// // The study's own table: 7 % goes with 8.6 mmol/L.
/// assert!((estimated_hba1c(8.6) - 7.0).abs() < 0.05);
/// ```
pub fn estimated_hba1c(mean_glucose: f64) -> f64 {
    (mean_glucose + 2.59) / 1.59
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hba1c_meets_the_table_of_its_study() {
        // Nathan 2008, table: HbA1c % and mean glucose in mmol/L. The study rounded its line twice, to 28.7 and 46.7 mg/dL
        // and to 1.59 and 2.59 mmol/L, and the table to 0.1: together 0.06 %.
        for (hba1c, glucose) in [
            (5.0, 5.4),
            (6.0, 7.0),
            (8.0, 10.2),
            (9.0, 11.8),
            (10.0, 13.4),
        ] {
            assert!((estimated_hba1c(glucose) - hba1c).abs() < 0.06, "{hba1c}");
        }
    }

    #[test]
    fn excursions_of_both_ways_alternate_and_ripples_are_none() {
        let readings = [5.0, 9.0, 8.6, 10.0, 5.0, 5.3, 4.0, 8.0];
        assert_eq!(excursions(&readings, 2.0), [5.0, -6.0, 4.0]);
    }

    #[test]
    fn an_excursion_that_begins_with_a_fall_is_counted_from_the_top() {
        assert_eq!(excursions(&[8.0, 8.5, 7.0, 4.0, 9.0], 2.0), [-4.5, 5.0]);
    }

    #[test]
    fn the_mean_amplitude_is_over_the_direction_of_the_first_excursion() {
        // Ways: up 5, down 6, up 4, down 5; those up have the mean 4.5.
        let readings = [5.0, 10.0, 4.0, 8.0, 3.0];
        assert_eq!(mean_amplitude_of_excursions(&readings), 4.5);
    }

    #[test]
    fn a_flat_day_has_no_excursion() {
        assert_eq!(mean_amplitude_of_excursions(&[5.0; 9]), 0.0);
        assert!(mean_amplitude_of_excursions(&[5.0, f64::NAN, 5.0]).is_nan());
        assert!(mean_amplitude_of_excursions(&[]).is_nan());
    }

    #[test]
    fn readings_at_the_ends_of_the_range_are_inside() {
        assert_eq!(time_in_range(&[3.9, 10.0, 10.1, 3.8], 3.9, 10.0), 0.5);
        assert!(time_in_range(&[], 3.9, 10.0).is_nan());
        assert!(time_in_range(&[5.0, f64::NAN], 3.9, 10.0).is_nan());
    }
}
