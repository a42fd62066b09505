//! The `insilin` program: arguments in, exit code out. All work is the library's.

mod cli;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
