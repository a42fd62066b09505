//! `insilin completions` and `insilin man`.

use clap::CommandFactory;
use insilin::store::Folder;

use super::args::{Arguments, Man};
use super::results::store_failure;
use super::terminal::{Exit, Terminal};
use super::{Ended, interrupt};

/// Completions for a shell, to standard output.
pub fn completions(shell: clap_complete::Shell, terminal: Terminal) -> Ended {
    let mut out = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "insilin", &mut out);
    terminal.data(&String::from_utf8_lossy(&out))
}

/// The manual.
pub fn man(arguments: &Man, terminal: Terminal) -> Ended {
    let mut command = Arguments::command();
    command.build();
    let Some(folder) = &arguments.out else {
        return terminal.data(&page(&command, terminal)?);
    };
    let mut pages = Folder::new();
    pages.add("insilin.1", page(&command, terminal)?);
    for verb in command
        .get_subcommands()
        .filter(|verb| verb.get_name() != "help")
    {
        pages.add(
            format!("insilin-{}.1", verb.get_name()),
            page(verb, terminal)?,
        );
    }
    let way = Some("`--out DIR` says where");
    interrupt::whole(|| pages.write(folder)).map_err(|error| store_failure(&error, way, terminal))
}

fn page(command: &clap::Command, terminal: Terminal) -> Result<String, Exit> {
    let mut out = Vec::new();
    match clap_mangen::Man::new(command.clone()).render(&mut out) {
        Ok(()) => Ok(String::from_utf8_lossy(&out).into_owned()),
        Err(error) => {
            terminal.failure("cli/manual", &error.to_string(), "please report this");
            Err(Exit::Files)
        }
    }
}
