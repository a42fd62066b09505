//! How metrics move when the curve under them moves: derivatives of the functions in [`super::curve`].
//!
//! A curve is points joined by straight lines, and its tangent moves each point. Areas and means are linear in the points, so
//! theirs is the metric of the tangent. An extreme moves with its point, whose time counts for nothing to first order
//! (the envelope theorem); where that point is, is found from a parabola through it and its neighbours.

use super::metric::Metric;

/// Why a metric has no derivative on a curve.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoDerivative {
    /// The metric or the tangent is not a finite number on this curve.
    NotDefined,
    /// Two points are equally extreme and move apart.
    TwoExtremes,
    /// The extreme is at an end of the run: its time does not move.
    AtEnd,
    /// The extreme is a corner of the curve, such as a jump or an edge of the protocol, or the grid is too coarse to tell.
    Corner,
    /// The curve only touches the threshold.
    Touches,
}

impl std::fmt::Display for NoDerivative {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::NotDefined => "the metric is not defined on this curve",
            Self::TwoExtremes => "two points of the curve are equally extreme",
            Self::AtEnd => "the extreme is at an end of the run, where its time is held",
            Self::Corner => "the extreme is a corner of the curve, or the grid is too coarse",
            Self::Touches => "the curve only touches the value",
        })
    }
}

impl Metric {
    /// Derivative of the metric when the values of its curve move by `tangent`; unit of the metric per unit of what moves.
    ///
    /// * `tangent` — one derivative per value
    ///
    /// Exact for the curve of straight lines, but for the times of extremes, which come from a parabola.
    ///
    /// # Errors
    /// Why there is none.
    ///
    /// # Panics
    /// When the three differ in length.
    /// ```
    /// # use insilin::observe::Metric;
    /// // A triangle that grows with its top.
    /// let (time, values, tangent) = ([0.0, 1.0, 3.0], [0.0, 2.0, 0.0], [0.0, 1.0, 0.0]);
    /// assert_eq!(Metric::Peak.derivative(&time, &values, &tangent), Ok(1.0));
    /// assert_eq!(Metric::Auc.derivative(&time, &values, &tangent), Ok(1.5));
    /// ```
    pub fn derivative(
        self,
        time: &[f64],
        values: &[f64],
        tangent: &[f64],
    ) -> Result<f64, NoDerivative> {
        assert_eq!(values.len(), tangent.len(), "one derivative per value");
        if !self.evaluate(time, values).is_finite() {
            return Err(NoDerivative::NotDefined);
        }
        let curve = Moving {
            time,
            values,
            tangent,
        };
        let derivative = match self {
            Self::Initial | Self::Final | Self::Mean | Self::At(_) | Self::Auc | Self::NetIauc => {
                self.evaluate(time, tangent)
            }
            Self::Peak => curve.tangent[curve.extreme(1.0)?],
            Self::Min => curve.tangent[curve.extreme(-1.0)?],
            Self::Rise => curve.tangent[curve.extreme(1.0)?] - curve.tangent[0],
            Self::TimeToPeak => curve.time_of_extreme(1.0)?,
            Self::TimeOfMin => curve.time_of_extreme(-1.0)?,
            Self::Iauc => curve.area_above_start(),
            Self::HalfRise => curve.half_rise()?,
            Self::Above(level) => curve.time_above(level)?,
            Self::Below(level) => -curve.time_above(level)?,
        };
        if derivative.is_finite() {
            Ok(derivative)
        } else {
            Err(NoDerivative::NotDefined)
        }
    }
}

/// A second difference this many times those beside it is a corner (chosen by feel: 3–10 behave alike).
const CORNER: f64 = 4.0;

struct Moving<'a> {
    time: &'a [f64],
    values: &'a [f64],
    tangent: &'a [f64],
}

impl Moving<'_> {
    /// The first of the largest values (smallest for `sign` −1), if no other point is as large and moves otherwise.
    fn extreme(&self, sign: f64) -> Result<usize, NoDerivative> {
        let mut best = 0;
        for (at, value) in self.values.iter().enumerate() {
            if sign * value > sign * self.values[best] {
                best = at;
            }
        }
        let is_rival = |at: usize| {
            self.values[at] == self.values[best] && self.tangent[at] != self.tangent[best]
        };
        if (0..self.values.len()).any(is_rival) {
            return Err(NoDerivative::TwoExtremes);
        }
        Ok(best)
    }

    /// `−(dx/dp)′ ÷ x″` at the top of the parabola through the extreme and its neighbours.
    fn time_of_extreme(&self, sign: f64) -> Result<f64, NoDerivative> {
        let at = self.extreme(sign)?;
        if at == 0 || at + 1 == self.values.len() {
            return Err(NoDerivative::AtEnd);
        }
        let (slope, bend) = parabola(self.time, self.values, at);
        let beside = [at.wrapping_sub(1), at + 1].into_iter();
        let inside = beside.filter(|&near| near > 0 && near + 1 < self.values.len());
        let bends = inside.map(|near| parabola(self.time, self.values, near).1.abs());
        let most = bends.fold(0.0, f64::max);
        // NaN, of two rows at one time, is a corner too.
        if !(bend != 0.0 && bend.abs() <= CORNER * most) {
            return Err(NoDerivative::Corner);
        }
        let top = -slope / bend;
        let (moved_slope, moved_bend) = parabola(self.time, self.tangent, at);
        Ok(-(moved_slope + moved_bend * top) / bend)
    }

    fn segments(&self) -> impl Iterator<Item = Segment> + '_ {
        (1..self.time.len()).map(|at| Segment {
            width: self.time[at] - self.time[at - 1],
            values: [self.values[at - 1], self.values[at]],
            tangents: [self.tangent[at - 1], self.tangent[at]],
        })
    }

    fn area_above_start(&self) -> f64 {
        let (level, moved) = (self.values[0], self.tangent[0]);
        self.segments().map(|s| s.area_above(level, moved)).sum()
    }

    fn half_rise(&self) -> Result<f64, NoDerivative> {
        let top = self.extreme(1.0)?;
        let half = self.values[0] + 0.5 * (self.values[top] - self.values[0]);
        let moved = 0.5 * (self.tangent[top] + self.tangent[0]);
        let mut crossings = self.segments().filter(|s| s.values[1] >= half);
        let reached = crossings.next().ok_or(NoDerivative::NotDefined)?;
        reached.crossing(half, moved).ok_or(NoDerivative::Touches)
    }

    fn time_above(&self, level: f64) -> Result<f64, NoDerivative> {
        if self.values.contains(&level) {
            return Err(NoDerivative::Touches);
        }
        let mut total = 0.0;
        for segment in self.segments() {
            let [start, end] = segment.values;
            if (start > level) != (end > level) {
                let moved = segment.crossing(level, 0.0).ok_or(NoDerivative::Touches)?;
                total += if start > level { moved } else { -moved };
            }
        }
        Ok(total)
    }
}

/// Slope and second derivative, at the point `at`, of the parabola through it and its neighbours.
fn parabola(time: &[f64], values: &[f64], at: usize) -> (f64, f64) {
    let before = time[at] - time[at - 1];
    let after = time[at + 1] - time[at];
    let rise = (values[at] - values[at - 1]) / before;
    let fall = (values[at + 1] - values[at]) / after;
    let bend = 2.0 * (fall - rise) / (before + after);
    (rise + 0.5 * bend * before, bend)
}

struct Segment {
    width: f64,
    values: [f64; 2],
    tangents: [f64; 2],
}

impl Segment {
    /// How the time moves at which the line is at a level that moves by `moved`; none for a level line.
    fn crossing(&self, level: f64, moved: f64) -> Option<f64> {
        let rise = self.values[1] - self.values[0];
        let share = (level - self.values[0]) / rise;
        let there = self.tangents[0] + share * (self.tangents[1] - self.tangents[0]);
        let time = -(there - moved) * self.width / rise;
        time.is_finite().then_some(time)
    }

    /// How the area moves between the line and a level below it that moves by `moved`.
    fn area_above(&self, level: f64, moved: f64) -> f64 {
        let [a, b] = self.values.map(|value| value - level);
        let [da, db] = self.tangents.map(|tangent| tangent - moved);
        if a >= 0.0 && b >= 0.0 {
            return 0.5 * (da + db) * self.width;
        }
        if a <= 0.0 && b <= 0.0 {
            return 0.0;
        }
        // The triangle of height h over the part above: w h² ÷ 2 (h + depth).
        let (h, dh, depth, d_depth) = if a > 0.0 {
            (a, da, -b, -db)
        } else {
            (b, db, -a, -da)
        };
        let whole = h + depth;
        0.5 * self.width * (2.0 * h * dh / whole - h * h * (dh + d_depth) / (whole * whole))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: [f64; 7] = [0.0, 1.0, 2.5, 3.0, 4.0, 5.5, 6.0];
    const VALUES: [f64; 7] = [5.0, 6.5, 8.0, 8.2, 7.4, 4.5, 4.2];
    const TANGENT: [f64; 7] = [0.3, -0.4, 1.1, 0.7, -0.2, 0.9, 0.5];

    /// The metric's own central difference along the tangent.
    fn difference(metric: Metric) -> f64 {
        let at = |h: f64| {
            let pairs = VALUES.iter().zip(TANGENT);
            let moved: Vec<f64> = pairs.map(|(value, tangent)| value + h * tangent).collect();
            metric.evaluate(&TIME, &moved)
        };
        (at(1e-6) - at(-1e-6)) / 2e-6
    }

    #[test]
    fn metrics_of_straight_lines_move_as_their_differences_say() {
        let metrics = [
            Metric::Initial,
            Metric::Final,
            Metric::Min,
            Metric::Peak,
            Metric::Rise,
            Metric::Mean,
            Metric::At(3.4),
            Metric::Auc,
            Metric::Iauc,
            Metric::NetIauc,
            Metric::HalfRise,
            Metric::Above(7.0),
            Metric::Below(4.9),
        ];
        for metric in metrics {
            let made = metric.derivative(&TIME, &VALUES, &TANGENT);
            let made = made.expect("it has a derivative");
            let expected = difference(metric);
            assert!(
                (made - expected).abs() < 1e-7,
                "{metric}: {made} not {expected}"
            );
        }
    }

    #[test]
    fn the_time_of_a_peak_moves_with_the_top_of_its_parabola() {
        // x = p t − t² peaks at p / 2; the tangent is t. Any grid gives it exactly.
        let time = [0.0, 0.7, 1.1, 2.0, 2.4, 3.5, 4.0];
        let values = time.map(|t| 3.8 * t - t * t);
        let made = Metric::TimeToPeak.derivative(&time, &values, &time);
        assert!((made.expect("it is smooth") - 0.5).abs() < 1e-12);
        let below = values.map(|value| -value);
        let tangent = time.map(|t| -t);
        let made = Metric::TimeOfMin.derivative(&time, &below, &tangent);
        assert!((made.expect("it is smooth") - 0.5).abs() < 1e-12);
    }

    #[test]
    fn what_has_no_derivative_says_why() {
        let time = [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let check = |metric: Metric, values: [f64; 7], expected| {
            let tangent = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7];
            assert_eq!(metric.derivative(&time, &values, &tangent), Err(expected));
        };
        let corner = [0.0, 1.0, 2.0, 3.0, 2.0, 1.0, 0.0];
        check(Metric::TimeToPeak, corner, NoDerivative::Corner);
        check(Metric::TimeToPeak, time, NoDerivative::AtEnd);
        check(Metric::Above(3.0), corner, NoDerivative::Touches);
        check(Metric::Min, corner, NoDerivative::TwoExtremes);
        check(Metric::At(7.0), corner, NoDerivative::NotDefined);
        check(Metric::HalfRise, [1.0; 7], NoDerivative::NotDefined);
    }
}
