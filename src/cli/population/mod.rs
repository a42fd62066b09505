//! `insilin population`: a scenario or a clinical test on many virtual people; spreads, bands, published spreads beside them.

mod beside;
mod people;
mod record;
mod setup;
mod visits;

use insilin::ensemble::{People as Drawn, Study};
use insilin::scenario::Scenario;

use super::Ended;
use super::args::Population;
use super::load;
use super::sweep::{Finish, Job, Keep, Order, Start, SweepRecord, exit_of, files};
use super::terminal::{Exit, Terminal};

pub use people::People;

use setup::{Group, What};
use visits::Visits;

/// Draws the people and runs what was asked for on each.
pub fn population(arguments: &Population, terminal: Terminal) -> Ended {
    let group = Group::read(arguments, terminal)?;
    match setup::what(arguments, terminal)? {
        What::Scenario(name) => scenario(arguments, group, &name, terminal),
        What::Test(test) => tests(arguments, group, test, terminal),
    }
}

fn scenario(arguments: &Population, group: Group, name: &str, terminal: Terminal) -> Ended {
    let (group, scenario, file) = setup::scenario(arguments, group, name, terminal)?;
    let people = group.draw(&scenario.arms[0], arguments, terminal)?;
    let ask = setup::ask(arguments, &group.population, &scenario);
    let options = setup::options(arguments);
    // No axis is about a place of the text, so that it is never read anew.
    let load = |_: &str| Ok(scenario.clone());
    let made = Study::new(
        scenario.clone(),
        &file.text,
        people.axes.clone(),
        &ask,
        &people,
        &load,
        options.clone(),
    );
    let study = load::report(made, &group.sources, terminal)?;
    let mut record = record::of_study(&group, arguments, &study, &scenario, &options);
    record.metrics = super::sweep::metrics(&study);
    group.beside(&mut record, None, terminal)?;
    let out = format!("{}-population", scenario.name);
    finish(
        arguments, &group, &scenario, &study, &record, &out, terminal,
    )
}

fn tests(
    arguments: &Population,
    mut group: Group,
    test: super::args::Examination,
    terminal: Terminal,
) -> Ended {
    let visits = Visits::new(arguments, &mut group, test, terminal)?;
    let mut record = record::of_visits(&group, arguments, &visits);
    group.beside(&mut record, Some(&visits), terminal)?;
    let out = format!("{}-population", record.name);
    let scenario = visits.scenario();
    finish(
        arguments, &group, scenario, &visits, &record, &out, terminal,
    )
}

fn finish(
    arguments: &Population,
    group: &Group,
    scenario: &Scenario,
    runs: &dyn insilin::ensemble::pool::Runs,
    record: &SweepRecord,
    out: &str,
    terminal: Terminal,
) -> Ended {
    record.refuse_too_many(arguments.force, terminal)?;
    let default = || std::path::Path::new("results").join(out);
    let order = Order {
        out: arguments.out.clone().unwrap_or_else(default),
        jobs: arguments.jobs,
        estimate: arguments.estimate,
        start: Start {
            resume: arguments.resume,
            overwrite: arguments.overwrite,
        },
        shard: arguments.shard,
    };
    let what = Finish {
        keep: Keep {
            single: arguments.single,
            csv: arguments.format == Some(super::args::TableFormat::Csv),
        },
        figures: !arguments.no_figures,
        projector: arguments.projector,
        json: arguments.json,
    };
    let job = Job {
        order,
        originals: files(&group.files, &scenario.arms, record),
        runs,
        record,
        terminal,
    };
    let Some((folder, failed)) = job.run()? else {
        return Ok(());
    };
    if arguments.shard.is_some() {
        let shown = folder.path().display();
        terminal.say(&format!(
            "these people lie in {shown}; `insilin merge` joins the parts"
        ));
        return exit_of(failed);
    }
    exit_of(super::sweep::finish(&folder, record, &what, terminal)?)
}

/// The findings of drawing people, said.
fn drawn(
    made: Result<insilin::diag::Warned<Drawn>, insilin::diag::Diagnostics>,
    group: &Group,
    terminal: Terminal,
) -> Result<Drawn, Exit> {
    load::report(made, &group.sources, terminal)
}
