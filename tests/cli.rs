//! The program as people use it: every verb, every option, exit codes, and what lies in the folders afterwards.
//!
//! Whole dialogues are compared with `tests/cli/*.expected`; `INSILIN_BLESS=1` writes those anew, and they are reviewed
//! like code.
#![cfg(feature = "cli")]

mod cli {
    mod clinic;
    mod dialogues;
    #[cfg(unix)]
    mod interruption;
    mod kitchen;
    mod output;
    mod plot;
    mod repeat;
    mod run;
    mod sensitivity;
    mod verbs;
}
mod support;
