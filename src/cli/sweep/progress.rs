//! How far a sweep is: a line on the terminal, and words for times.

use std::sync::Mutex;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use insilin::ensemble::pool::Progress;

use crate::cli::terminal::Terminal;

use super::record::grouped;

/// A bar on standard error; nothing where that is no terminal.
pub struct Bar {
    bar: ProgressBar,
    last: Mutex<Progress>,
}

impl Bar {
    /// A bar for so many runs.
    pub fn new(runs: u64, terminal: Terminal) -> Self {
        let target = if terminal.quiet {
            ProgressDrawTarget::hidden()
        } else {
            ProgressDrawTarget::stderr_with_hz(5)
        };
        let bar = ProgressBar::with_draw_target(Some(runs), target);
        let form = "{bar:30} {human_pos} of {human_len} runs, {per_sec}, {eta} left{msg}";
        if let Ok(style) = ProgressStyle::with_template(form) {
            bar.set_style(style.progress_chars("━╸ "));
        }
        bar.enable_steady_tick(Duration::from_millis(200));
        Self {
            bar,
            last: Mutex::default(),
        }
    }

    /// Moves to where the work is.
    pub fn set(&self, progress: Progress) {
        self.bar.set_position(progress.runs);
        if progress.failed > 0 {
            let failed = grouped(progress.failed);
            self.bar.set_message(format!(", {failed} failed"));
        }
        if let Ok(mut last) = self.last.lock() {
            *last = progress;
        }
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }

    /// Where the work was last.
    pub fn last(&self) -> Progress {
        self.last
            .lock()
            .map_or_else(|_| Progress::default(), |last| *last)
    }
}

/// A finished piece of work, in a line.
pub fn done(progress: Progress, seconds: f64) -> String {
    let rate = progress.runs as f64 / seconds.max(1e-9);
    let rate = insilin::render::number::significant(rate, 3);
    let failed = match progress.failed {
        0 => String::new(),
        n => format!(", {} failed", grouped(n)),
    };
    let runs = grouped(progress.runs);
    format!(
        "{runs} runs in {}, {rate} a second{failed}",
        duration(seconds)
    )
}

/// A time for people.
pub fn duration(seconds: f64) -> String {
    let one = |value: f64, unit: &str| {
        format!("{} {unit}", insilin::render::number::significant(value, 2))
    };
    match seconds {
        s if s < 0.9995 => one((s * 1e3).max(1.0), "ms"),
        s if s < 100.0 => one(s, "s"),
        s if s < 6000.0 => one(s / 60.0, "min"),
        s if s < 172_800.0 => one(s / 3600.0, "h"),
        s => one(s / 86400.0, "days"),
    }
}
