//! Standard tests on subjects: numbers against published ones, balances, and whether known truths are found again.

mod clinic {
    mod bench;
    mod clamps;
    mod intravenous;
    mod oral;
    mod reading;
}
mod support;
