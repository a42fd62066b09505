//! The two streams of the terminal: data on one, all else on the other.

use std::io::{self, Write};

use insilin::diag::{Diagnostic, Diagnostics, Severity, SourceMap, render};

/// How much to say.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terminal {
    /// Errors only.
    pub quiet: bool,
    /// Notes too.
    pub verbose: bool,
}

impl Terminal {
    /// Data for the reader or the next program of a pipe. A closed pipe is no failure.
    ///
    /// # Errors
    /// Whatever else keeps standard output from taking it.
    pub fn data(self, text: &str) -> Result<(), Exit> {
        let mut out = io::stdout().lock();
        match out.write_all(text.as_bytes()).and_then(|()| out.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                let message = format!("standard output takes no more: {error}");
                let hint = "send it to a file or program that does";
                self.failure("cli/output", &message, hint);
                Err(Exit::Files)
            }
            _ => Ok(()),
        }
    }

    /// A line about what is going on; nothing when quiet.
    pub fn say(self, text: &str) {
        if !self.quiet {
            tell(text);
        }
    }

    /// Findings, as far as wanted, each once.
    pub fn findings(self, findings: &Diagnostics, sources: &SourceMap) {
        let wanted = |severity: Severity| match severity {
            Severity::Error => true,
            Severity::Warning => !self.quiet,
            Severity::Note => self.verbose && !self.quiet,
        };
        let wanted = findings.0.iter().filter(|found| wanted(found.severity));
        let mut told: Vec<String> = Vec::new();
        for finding in wanted {
            // Two arms with one model find the same in it.
            let text = render(finding, sources);
            if !told.contains(&text) {
                tell(&text);
                told.push(text);
            }
        }
    }

    /// A warning with its code, words and remedy, outside of any text.
    pub fn warning(self, code: &'static str, message: &str, hint: &str) {
        let finding = Diagnostic::warning(code, message).hint(hint);
        self.findings(&finding.into(), &SourceMap::new());
    }

    /// A failure with its code, words and remedy, outside of any text.
    pub fn failure(self, code: &'static str, message: &str, hint: &str) {
        let finding = Diagnostic::error(code, message).hint(hint);
        self.findings(&finding.into(), &SourceMap::new());
    }
}

/// A line on standard error. When nobody listens there any more, there is nobody to complain to.
fn tell(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}

/// How a command ends, from good to bad; of several causes the highest number of 4, 3, 2, 1 wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Done.
    Done = 0,
    /// Done, and the answer is no.
    No = 1,
    /// The input is wrong.
    Input = 2,
    /// The numbers failed.
    Numbers = 3,
    /// Files or network.
    Files = 4,
}

impl Exit {
    /// The process's exit code.
    pub fn code(self) -> u8 {
        self as u8
    }
}
