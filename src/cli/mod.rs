//! The command line: one file per verb.

mod args;
mod check;
mod checks;
mod compare;
mod comparison;
mod convert;
mod data;
mod display;
mod figures;
mod interrupt;
mod library;
mod list;
mod list_foods;
mod load;
mod merge;
mod new;
mod overlay;
mod plot;
mod population;
mod record;
mod report;
mod results;
mod run;
mod runs;
mod sbml_test;
mod schema;
mod sensitivity;
mod shell;
mod summary;
mod sweep;
mod terminal;
mod test;
mod tolerance;

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
        Command::Sweep(sweep) => sweep::sweep(sweep, terminal),
        Command::Population(population) => population::population(population, terminal),
        Command::Merge(merge) => merge::merge(merge, terminal),
        Command::Plot(plot) => plot::plot(plot, terminal),
        Command::Compare(compare) => compare::compare(compare, terminal),
        Command::Report(report) => report::report(report, terminal),
        Command::Check(check) => check::check(check, terminal),
        Command::Convert(convert) => convert::convert(convert, terminal),
        Command::SbmlTest(case) => sbml_test::sbml_test(case, terminal),
        Command::List(list) => list::list(list, terminal),
        Command::Schema => schema::schema(terminal),
        Command::Sensitivity(wanted) => sensitivity::sensitivity(wanted, terminal),
        Command::Test(test) => test::test(test, terminal),
        Command::New(new) => new::new(new, terminal),
        Command::Completions(shell) => shell::completions(shell.shell, terminal),
        Command::Man(man) => shell::man(man, terminal),
    };
    ExitCode::from(exit.err().unwrap_or(Exit::Done).code())
}

/// What every verb gives: nothing, or how it ended otherwise. What there is to say has been said.
pub type Ended = Result<(), Exit>;
