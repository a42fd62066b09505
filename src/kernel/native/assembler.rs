//! Bytes of the few x86-64 instructions that generated code is made of, all in the three-operand form of AVX.
//!
//! Source: Intel, *Software Developer's Manual*, volume 2, chapter 2.3 (the VEX prefix) and the pages of the
//! instructions.

/// One of the sixteen vector registers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Vector(pub u8);

/// What memory operands are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Base {
    /// The register file.
    File,
    /// Where results go.
    Out,
    /// Where states, the Jacobian or the right side come from.
    Input,
    /// The constants in front of the code.
    Pool,
}

/// A place in memory, in bytes from its base.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Address {
    pub base: Base,
    pub offset: i32,
}

/// The last operand of an instruction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operand {
    Register(Vector),
    Memory(Address),
}

/// What arithmetic instructions work on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    /// The lowest number of a register.
    Scalar,
    /// Four numbers.
    Four,
}

/// Instructions `to = left op right`, with one number or four.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add = 0x58,
    Mul = 0x59,
    Sub = 0x5c,
    Min = 0x5d,
    Div = 0x5e,
    Max = 0x5f,
}

/// Instructions `to = left op right` on all bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Logic {
    And = 0x54,
    Or = 0x56,
    Xor = 0x57,
}

/// Predicates of comparisons; none of them signals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Predicate {
    Equal = 0x00,
    IsNan = 0x03,
    NotEqualOrNan = 0x04,
    NotEqual = 0x0c,
    Less = 0x11,
    LessOrEqual = 0x12,
}

/// How to round to an integer; none of them signals that something was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Rounding {
    Floor = 0x09,
    Ceil = 0x0a,
    Trunc = 0x0b,
}

/// Constants in front of the code, each four times over.
pub(super) const POOL: [u64; 4] = [
    !(1 << 63),            // all but the sign
    1 << 63,               // the sign
    0x3ff0_0000_0000_0000, // one
    0,
];

/// Places in [`POOL`].
pub(super) const MAGNITUDE: usize = 0;
pub(super) const SIGN: usize = 1;
pub(super) const ONE: usize = 2;
pub(super) const ZERO: usize = 3;

/// Bytes of one constant of the pool.
pub(super) const POOL_ENTRY: usize = 32;

/// A constant of [`POOL`].
pub(super) fn pooled(index: usize) -> Operand {
    Operand::Memory(Address {
        base: Base::Pool,
        offset: (index * POOL_ENTRY) as i32,
    })
}

/// Prefix groups of opcodes.
#[derive(Clone, Copy)]
enum Map {
    Plain = 1,
    Of3a = 3,
}

const PREFIX_66: u8 = 1;
const PREFIX_F2: u8 = 3;

/// General registers, by number.
const RAX: u8 = 0;
const RDX: u8 = 2;
const RBX: u8 = 3;
const RBP: u8 = 5;
const RSI: u8 = 6;
const RDI: u8 = 7;
const R14: u8 = 14;

struct Vex {
    map: Map,
    prefix: u8,
    opcode: u8,
}

/// Code in the making. The bases are the first three arguments of a function, kept in registers that calls keep.
pub(super) struct Assembler {
    bytes: Vec<u8>,
    shape: Shape,
}

impl Assembler {
    /// Begins with the pool.
    pub(super) fn new(shape: Shape) -> Self {
        let entry = |bits: &u64| bits.to_le_bytes().repeat(POOL_ENTRY / 8);
        Self {
            bytes: POOL.iter().flat_map(entry).collect(),
            shape,
        }
    }

    pub(super) fn shape(&self) -> Shape {
        self.shape
    }

    pub(super) fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Begins a function: keeps the caller's registers and takes the three arguments. The stack is aligned for calls
    /// then. Gives where it begins.
    pub(super) fn enter(&mut self) -> usize {
        // Functions start at multiples of 16, as compilers align them.
        while !self.bytes.len().is_multiple_of(16) {
            self.bytes.push(0xcc);
        }
        let start = self.bytes.len();
        self.bytes.extend([0x50 + RBX, 0x50 + RBP, 0x41, 0x56]);
        self.move_general(RBX, RDI);
        self.move_general(RBP, RSI);
        self.move_general(R14, RDX);
        start
    }

    /// Gives the caller's registers back and returns.
    pub(super) fn leave(&mut self) {
        self.clear_upper_halves();
        self.bytes
            .extend([0x41, 0x5e, 0x58 + RBP, 0x58 + RBX, 0xc3]);
    }

    /// Code of the caller and of called functions may use older instructions, which are slow while upper halves are in use.
    fn clear_upper_halves(&mut self) {
        if self.shape == Shape::Four {
            self.bytes.extend([0xc5, 0xf8, 0x77]);
        }
    }

    fn move_general(&mut self, to: u8, from: u8) {
        let rex = 0x48 | (from >> 3) << 2 | to >> 3;
        self.bytes
            .extend([rex, 0x89, 0xc0 | (from & 7) << 3 | (to & 7)]);
    }

    /// Calls a function of the System V convention at an address.
    pub(super) fn call(&mut self, function: usize) {
        self.clear_upper_halves();
        self.bytes.extend([0x48, 0xb8 + RAX]);
        self.bytes.extend((function as u64).to_le_bytes());
        self.bytes.extend([0xff, 0xd0 + RAX]);
    }

    /// Makes addresses the first arguments of the next call; at most three.
    pub(super) fn pass(&mut self, addresses: &[Address]) {
        for (&to, &address) in [RDI, RSI, RDX].iter().zip(addresses) {
            let rex_b = u8::from(base_register(address.base) >= 8);
            self.bytes.extend([0x48 | rex_b, 0x8d]);
            self.memory(to, address, 0);
        }
    }

    pub(super) fn load(&mut self, to: Vector, from: Address) {
        let prefix = self.number_prefix();
        self.vex(plain(prefix, 0x10), to, Vector(0), Operand::Memory(from), 0);
    }

    pub(super) fn store(&mut self, to: Address, from: Vector) {
        let prefix = self.number_prefix();
        self.vex(plain(prefix, 0x11), from, Vector(0), Operand::Memory(to), 0);
    }

    pub(super) fn copy(&mut self, to: Vector, from: Vector) {
        self.vex(
            plain(PREFIX_66, 0x28),
            to,
            Vector(0),
            Operand::Register(from),
            0,
        );
    }

    pub(super) fn arithmetic(&mut self, op: Arithmetic, to: Vector, left: Vector, right: Operand) {
        let prefix = self.number_prefix();
        self.vex(plain(prefix, op as u8), to, left, right, 0);
    }

    /// On a single number reads sixteen bytes of memory: give it the pool or a register.
    pub(super) fn logic(&mut self, op: Logic, to: Vector, left: Vector, right: Operand) {
        self.vex(plain(PREFIX_66, op as u8), to, left, right, 0);
    }

    /// All bits where the predicate holds, none elsewhere.
    pub(super) fn compare(
        &mut self,
        predicate: Predicate,
        to: Vector,
        left: Vector,
        right: Operand,
    ) {
        let prefix = self.number_prefix();
        self.vex(plain(prefix, 0xc2), to, left, right, 1);
        self.bytes.push(predicate as u8);
    }

    /// `yes` where the mask's sign bits are set, else `no`. On a single number `yes` must be a register.
    pub(super) fn blend(&mut self, to: Vector, no: Vector, yes: Operand, mask: Vector) {
        let code = Vex {
            map: Map::Of3a,
            prefix: PREFIX_66,
            opcode: 0x4b,
        };
        self.vex(code, to, no, yes, 1);
        self.bytes.push(mask.0 << 4);
    }

    pub(super) fn sqrt(&mut self, to: Vector, from: Vector) {
        let prefix = self.number_prefix();
        let second = self.second(from);
        self.vex(plain(prefix, 0x51), to, second, Operand::Register(from), 0);
    }

    pub(super) fn round(&mut self, how: Rounding, to: Vector, from: Vector) {
        let opcode = match self.shape {
            Shape::Scalar => 0x0b,
            Shape::Four => 0x09,
        };
        let code = Vex {
            map: Map::Of3a,
            prefix: PREFIX_66,
            opcode,
        };
        let second = self.second(from);
        self.vex(code, to, second, Operand::Register(from), 1);
        self.bytes.push(how as u8);
    }

    /// One-operand instructions take the rest of the register from a second operand when they make a single number.
    fn second(&self, from: Vector) -> Vector {
        match self.shape {
            Shape::Scalar => from,
            Shape::Four => Vector(0),
        }
    }

    fn number_prefix(&self) -> u8 {
        match self.shape {
            Shape::Scalar => PREFIX_F2,
            Shape::Four => PREFIX_66,
        }
    }

    /// An instruction with `trailing` bytes to come; `second` is 0 where there is none.
    fn vex(&mut self, code: Vex, first: Vector, second: Vector, last: Operand, trailing: i32) {
        let last_number = match last {
            Operand::Register(register) => register.0,
            Operand::Memory(address) => base_register(address.base),
        };
        let length = u8::from(self.shape == Shape::Four);
        let not_r = u8::from(first.0 < 8);
        let not_b = u8::from(last_number < 8);
        let low = (!second.0 & 15) << 3 | length << 2 | code.prefix;
        if not_b == 1 && matches!(code.map, Map::Plain) {
            self.bytes.extend([0xc5, not_r << 7 | low]);
        } else {
            let high = not_r << 7 | 1 << 6 | not_b << 5 | code.map as u8;
            self.bytes.extend([0xc4, high, low]);
        }
        self.bytes.push(code.opcode);
        match last {
            Operand::Register(register) => {
                self.bytes
                    .push(0xc0 | (first.0 & 7) << 3 | (register.0 & 7));
            }
            Operand::Memory(address) => self.memory(first.0, address, trailing),
        }
    }

    fn memory(&mut self, register: u8, address: Address, trailing: i32) {
        let middle = (register & 7) << 3;
        let base = base_register(address.base) & 7;
        if address.base == Base::Pool {
            // Counted from the end of the instruction: this byte, the four of the distance, what trails.
            let end = self.bytes.len() as i32 + 5 + trailing;
            self.bytes.push(middle | 5);
            self.bytes.extend((address.offset - end).to_le_bytes());
        } else if let Ok(short) = i8::try_from(address.offset) {
            self.bytes.push(0x40 | middle | base);
            self.bytes.extend(short.to_le_bytes());
        } else {
            self.bytes.push(0x80 | middle | base);
            self.bytes.extend(address.offset.to_le_bytes());
        }
    }
}

fn plain(prefix: u8, opcode: u8) -> Vex {
    Vex {
        map: Map::Plain,
        prefix,
        opcode,
    }
}

/// None of these needs the extra byte that the stack pointer and its like need. The pool's does not matter.
fn base_register(base: Base) -> u8 {
    match base {
        Base::File => RBX,
        Base::Out => RBP,
        Base::Input => R14,
        Base::Pool => 0,
    }
}
