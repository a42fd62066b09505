//! The interpreter: one loop over operations, for any lane type.
//!
//! Registers are read and written with their bounds checked each time. Going without, under `unsafe`, was
//! measured and changes less than the noise: 4 % faster to 4 % slower over 120 and 600 operations on 1, 4 and 8
//! lanes (1.0 ns per operation on one lane, 1.4 on eight).

use std::ops::Range;

use crate::compile::program::{Op, OpCode, Register};
use crate::math::{self, Lane, LaneMask};

/// Operations that touch no register at or beyond a total.
#[derive(Clone, Copy)]
pub(super) struct Checked<'p> {
    ops: &'p [Op],
}

impl<'p> Checked<'p> {
    /// Panics when an operation, used operands or not, names a register that is not there: a program is made
    /// by `compile`, so that is a defect and no input's fault.
    pub(super) fn new(ops: &'p [Op], total: usize) -> Self {
        for (i, op) in ops.iter().enumerate() {
            let highest = op.to.max(op.a).max(op.b).max(op.c) as usize;
            assert!(
                highest < total,
                "operation {i} names register {highest} of {total}"
            );
        }
        Self { ops }
    }

    /// All operations.
    pub(super) fn ops(&self) -> &'p [Op] {
        self.ops
    }

    /// Runs a stretch of the operations, in order. Call it inside [`Lane::vectorize`].
    #[inline(always)]
    pub(super) fn run<L: Lane>(&self, range: &Range<usize>, registers: &mut [L]) {
        for op in &self.ops[range.start..range.end] {
            registers[op.to as usize] = evaluate(op, |register| registers[register as usize]);
        }
    }
}

/// The result of one operation on operands that `read` gives.
#[inline(always)]
pub(super) fn evaluate<L: Lane>(op: &Op, read: impl Fn(Register) -> L) -> L {
    let a = || read(op.a);
    let b = || read(op.b);
    let c = || read(op.c);
    match op.code {
        OpCode::Copy => a(),
        OpCode::Add => a() + b(),
        OpCode::Sub => a() - b(),
        OpCode::Mul => a() * b(),
        OpCode::Div => a() / b(),
        OpCode::SubMul => a() - b() * c(),
        OpCode::AddMul => a() + b() * c(),
        OpCode::Neg => -a(),
        OpCode::Abs => a().abs(),
        OpCode::Sqrt => a().sqrt(),
        OpCode::Floor => a().floor(),
        OpCode::Ceil => a().ceil(),
        OpCode::Trunc => a().trunc(),
        OpCode::Min => a().min(b()),
        OpCode::Max => a().max(b()),
        OpCode::Lt => truth(a().lt(b())),
        OpCode::Le => truth(a().le(b())),
        OpCode::Eq => truth(a().eq(b())),
        OpCode::Ne => truth(a().ne(b())),
        OpCode::And => truth::<L>(is_true(a()).and(is_true(b()))),
        OpCode::Or => truth::<L>(is_true(a()).or(is_true(b()))),
        OpCode::Xor => {
            let (a, b) = (is_true(a()), is_true(b()));
            truth::<L>(a.or(b).and(a.and(b).not()))
        }
        OpCode::Not => truth::<L>(is_true(a()).not()),
        OpCode::Select => L::select(is_true(a()), b(), c()),
        _ => function(op.code, a(), b()),
    }
}

/// 1 where true, 0 where false.
#[inline(always)]
fn truth<L: Lane>(mask: L::Mask) -> L {
    L::select(mask, L::splat(1.0), L::splat(0.0))
}

/// Where a number counts as true: NaN does, being no zero.
#[inline(always)]
fn is_true<L: Lane>(x: L) -> L::Mask {
    x.ne(L::splat(0.0))
}

/// The elementary functions, out of line: inside the loop their constants and spills would burden every
/// operation.
#[inline(never)]
pub(super) fn function<L: Lane>(code: OpCode, a: L, b: L) -> L {
    L::vectorize(
        #[inline(always)]
        || match code {
            OpCode::Exp => math::exp(a),
            OpCode::Ln => math::ln(a),
            OpCode::Log10 => math::log10(a),
            OpCode::Pow => math::pow(a, b),
            OpCode::Sin => math::sin(a),
            OpCode::Cos => math::cos(a),
            OpCode::Tan => math::tan(a),
            OpCode::Asin => math::asin(a),
            OpCode::Acos => math::acos(a),
            OpCode::Atan => math::atan(a),
            OpCode::Sinh => math::sinh(a),
            OpCode::Cosh => math::cosh(a),
            OpCode::Tanh => math::tanh(a),
            OpCode::Asinh => math::asinh(a),
            OpCode::Acosh => math::acosh(a),
            OpCode::Atanh => math::atanh(a),
            OpCode::Factorial => math::factorial(a),
            _ => unreachable!("all other operations are computed in place"),
        },
    )
}

/// How many of `a`, `b`, `c` an operation uses.
pub(super) fn operand_count(code: OpCode) -> usize {
    match code {
        OpCode::SubMul | OpCode::AddMul | OpCode::Select => 3,
        OpCode::Add
        | OpCode::Sub
        | OpCode::Mul
        | OpCode::Div
        | OpCode::Min
        | OpCode::Max
        | OpCode::Pow
        | OpCode::Lt
        | OpCode::Le
        | OpCode::Eq
        | OpCode::Ne
        | OpCode::And
        | OpCode::Or
        | OpCode::Xor => 2,
        _ => 1,
    }
}
