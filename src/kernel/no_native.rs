//! In place of `native` on processors for which there is no code generator: there is no code.

use crate::compile::program::{Block, Program};
use crate::math::Lane;

/// Machine code of a program; none can be made here.
#[derive(Debug)]
pub enum Code {}

/// Where a block's code begins.
#[derive(Clone, Copy, Debug)]
pub(in crate::kernel) enum Entry {}

/// The blocks that are always run from the same place.
#[allow(dead_code, reason = "without code nothing has entries")]
#[derive(Clone, Copy, Debug)]
pub(in crate::kernel) struct Entries {
    pub(in crate::kernel) hoist: Option<Entry>,
    pub(in crate::kernel) derivative: Option<Entry>,
    pub(in crate::kernel) jacobian: Option<Entry>,
    pub(in crate::kernel) time_derivative: Option<Entry>,
    pub(in crate::kernel) roots: Option<Entry>,
    pub(in crate::kernel) factor: Option<Entry>,
    pub(in crate::kernel) solve: Option<Entry>,
}

impl Code {
    /// None on this processor.
    pub fn generate(_program: &Program, _width: usize) -> Option<Self> {
        None
    }

    /// Numbers in a pack.
    pub fn width(&self) -> usize {
        match *self {}
    }

    pub(in crate::kernel) fn fits<L: Lane>(&self, _program: &Program) -> bool {
        match *self {}
    }

    pub(in crate::kernel) fn entries(&self) -> Entries {
        match *self {}
    }

    pub(in crate::kernel) fn find(&self, _block: &Block) -> Option<Entry> {
        match *self {}
    }

    pub(in crate::kernel) fn run<L: Lane>(
        &self,
        _entry: Entry,
        _registers: &mut [L],
        _out: &mut [L],
        _input: &[L],
    ) {
        match *self {}
    }

    pub(in crate::kernel) fn run_in_place<L: Lane>(
        &self,
        _entry: Entry,
        _registers: &mut [L],
        _values: &mut [L],
    ) {
        match *self {}
    }
}
