//! Sampled controllers.

use super::evaluator::Present;
use super::plan::PlannedClamp;
use super::tangent;
use crate::compile::program::Target;

/// One controller of one run.
#[derive(Clone, Debug, Default)]
pub struct Controller {
    samples: u32,
    output: f64,
    last_error: Option<f64>,
    /// Tangents of `output` and of the last error, in runs with tangents.
    output_tangent: f64,
    error_tangent: f64,
    is_over: bool,
}

impl Controller {
    /// When it samples or ends next; infinite when it is over.
    pub fn next_time(&self, planned: &PlannedClamp) -> f64 {
        let clamp = &planned.clamp;
        if self.is_over {
            return f64::INFINITY;
        }
        // Not by adding up: the hundredth sample is no less exact than the first.
        (clamp.from + f64::from(self.samples) * clamp.every).min(clamp.to)
    }

    /// Samples or ends if it is time to; whether it did.
    ///
    /// * `restored` — parameters as they are at the start: the driven one has its value of these after the end
    pub fn act(
        &mut self,
        now: &mut Present<'_, '_>,
        planned: &PlannedClamp,
        restored: &[f64],
    ) -> bool {
        if self.next_time(planned) > now.t {
            return false;
        }
        let moves = tangent::of_clamp(now, planned);
        if now.t >= planned.clamp.to {
            self.is_over = true;
            now.p[planned.actuator] = restored[planned.actuator];
            if let Some((Target::Parameter(slot), _)) = moves {
                now.p[slot] = restored[slot];
            }
            return true;
        }
        let measured = now.value(&now.program().extras[planned.measured]);
        let mut scale = [1.0; 2];
        now.values(&now.program().targets[planned.scale].scale, &mut scale);
        let is_first = self.last_error.is_none();
        let output = self.sample(planned, measured);
        now.p[planned.actuator] = output * scale[0];
        if let Some((target, [of_measured, of_scale])) = moves {
            let of_output = self.sample_tangent(planned, of_measured, is_first);
            now.assign(target, of_output * scale[0] + output * of_scale);
        }
        true
    }

    /// The tangent of the output just sampled: zero for the first one, which is given, and at a limit.
    fn sample_tangent(&mut self, planned: &PlannedClamp, of_measured: f64, is_first: bool) -> f64 {
        let clamp = &planned.clamp;
        let error = -of_measured;
        let is_limited = self.output == clamp.limits.0 || self.output == clamp.limits.1;
        self.output_tangent = if is_first || is_limited {
            0.0
        } else {
            let change = clamp.gain * (error - self.error_tangent);
            self.output_tangent + change + clamp.integral * clamp.every * error
        };
        self.error_tangent = error;
        self.output_tangent
    }

    fn sample(&mut self, planned: &PlannedClamp, measured: f64) -> f64 {
        let clamp = &planned.clamp;
        let error = clamp.target - measured;
        let output = match self.last_error {
            None => clamp.start,
            Some(last) => {
                self.output + clamp.gain * (error - last) + clamp.integral * clamp.every * error
            }
        };
        self.last_error = Some(error);
        // Limited before it is remembered, so that the integral does not wind up at a limit.
        self.output = output.clamp(clamp.limits.0, clamp.limits.1);
        self.samples += 1;
        self.output
    }
}
