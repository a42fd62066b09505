//! `insilin sweep` and `insilin merge` as people use them: rows that equal runs, folders that survive, parts that fit together.
//!
//! `INSILIN_KILLS=50` kills at fifty moments instead of five (`just kills`).
#![cfg(all(feature = "cli", feature = "parquet"))]

mod support;
mod sweep {
    mod equal;
    mod failing;
    mod home;
    #[cfg(unix)]
    mod kills;
    mod parts;
    mod refusals;
    mod teaching;
}
