//! Sampled controllers.

use super::evaluator::Present;
use super::plan::PlannedClamp;

/// One controller of one run.
#[derive(Clone, Debug, Default)]
pub struct Controller {
    samples: u32,
    output: f64,
    last_error: Option<f64>,
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
    /// * `restored` — the value of the driven parameter after the end
    pub fn act(
        &mut self,
        now: &mut Present<'_, '_>,
        planned: &PlannedClamp,
        restored: f64,
    ) -> bool {
        if self.next_time(planned) > now.t {
            return false;
        }
        if now.t >= planned.clamp.to {
            self.is_over = true;
            now.p[planned.actuator] = restored;
            return true;
        }
        let measured = now.value(&now.program().extras[planned.measured]);
        let mut scale = [1.0; 2];
        now.values(&now.program().targets[planned.scale].scale, &mut scale);
        now.p[planned.actuator] = self.sample(planned, measured) * scale[0];
        true
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
