//! The command line: one file per verb.

mod args;
mod check;
mod checks;
mod convert;
mod data;
mod display;
mod figures;
mod interrupt;
mod library;
mod list;
mod load;
mod new;
mod plot;
mod record;
mod results;
mod run;
mod sbml_test;
mod shell;
mod summary;
mod terminal;
mod test;

use std::process::ExitCode;

use clap::Parser;

use args::{Arguments, Command};
use terminal::{Exit, Terminal};

/// Reads the arguments, does what they say and gives the exit code.
pub fn main() -> ExitCode {
    // clap ends the process itself on --help, --version (0) and on wrong arguments (2).
    let arguments = Arguments::parse();
    let terminal = Terminal {
        quiet: arguments.quiet,
        verbose: arguments.verbose,
    };
    interrupt::watch(terminal);
    let exit = match &arguments.command {
        Command::Run(run) => run::run(run, terminal),
        Command::Plot(plot) => plot::plot(plot, terminal),
        Command::Check(check) => check::check(check, terminal),
        Command::Convert(convert) => convert::convert(convert, terminal),
        Command::SbmlTest(case) => sbml_test::sbml_test(case, terminal),
        Command::List(list) => list::list(list, terminal),
        Command::Test(test) => test::test(test, terminal),
        Command::New(new) => new::new(new, terminal),
        Command::Completions(shell) => shell::completions(shell.shell, terminal),
        Command::Man(man) => shell::man(man, terminal),
    };
    ExitCode::from(exit.err().unwrap_or(Exit::Done).code())
}

/// What every verb gives: nothing, or how it ended otherwise. What there is to say has been said.
pub type Ended = Result<(), Exit>;
