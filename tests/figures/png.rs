//! A reader for the PNG files that figures are written as: 8-bit RGB, fixed deflate codes, rows filtered by the row above.

pub struct Image {
    pub width: usize,
    pub height: usize,
    pub rgb: Vec<u8>,
}

/// Three by two pixels, written by zlib 1.2 through Python's `zlib.compressobj(9, DEFLATED, 15, 9, Z_FIXED)`.
#[rustfmt::skip]
pub const FOREIGN: [u8; 81] = [
    0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0x00, 0x00, 0x00, 0x0D, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x03, 0x00, 0x00, 0x00, 0x02, 0x08, 0x02, 0x00, 0x00, 0x00, 0x12, 0x16, 0xF1, 0x4D, 0x00, 0x00, 0x00, 0x18, 0x49, 0x44, 0x41, 0x54, 0x78, 0x01, 0x63, 0xFA, 0xCF, 0xC0, 0xC0, 0x00, 0xC6, 0x4C, 0xDC, 0x22, 0x72, 0x5C, 0xA2, 0x72, 0x5C, 0x22, 0xF2, 0x00, 0x30, 0x7A, 0x03, 0xB9, 0xBE, 0x92, 0x0F, 0xAD, 0x00, 0x00, 0x00, 0x00, 0x49, 0x45, 0x4E, 0x44, 0xAE, 0x42, 0x60, 0x82,
];

#[rustfmt::skip]
pub const FOREIGN_PIXELS: [u8; 18] = [255, 0, 0, 0, 255, 0, 0, 0, 255, 10, 20, 30, 10, 20, 30, 10, 20, 30];

pub fn decode(file: &[u8]) -> Image {
    assert_eq!(&file[..8], b"\x89PNG\r\n\x1A\n");
    let mut chunks = Vec::new();
    let mut rest = &file[8..];
    while !rest.is_empty() {
        let length = number(&rest[..4]);
        chunks.push((&rest[4..8], &rest[8..8 + length]));
        rest = &rest[12 + length..];
    }
    let kinds: Vec<&[u8]> = chunks.iter().map(|(kind, _)| *kind).collect();
    assert_eq!(kinds, [b"IHDR", b"IDAT", b"IEND"]);
    let header = chunks[0].1;
    assert_eq!(header[8..], [8, 2, 0, 0, 0]);
    let (width, height) = (number(&header[..4]), number(&header[4..8]));
    let rgb = unfilter(&inflate(&chunks[1].1[2..]), 3 * width);
    assert_eq!(rgb.len(), 3 * width * height);
    Image { width, height, rgb }
}

fn number(bytes: &[u8]) -> usize {
    bytes
        .iter()
        .fold(0, |number, &byte| number << 8 | usize::from(byte))
}

fn unfilter(bytes: &[u8], stride: usize) -> Vec<u8> {
    let mut above = vec![0; stride];
    let mut rgb = Vec::new();
    for row in bytes.chunks(stride + 1) {
        assert_eq!(row[0], 2, "filtered by the row above");
        for (above, &difference) in above.iter_mut().zip(&row[1..]) {
            *above = difference.wrapping_add(*above);
        }
        rgb.extend(&above);
    }
    rgb
}

/// Bits of a deflate stream, lowest first.
struct Bits<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl Bits<'_> {
    fn one(&mut self) -> usize {
        let bit = self.bytes[self.at / 8] >> (self.at % 8) & 1;
        self.at += 1;
        usize::from(bit)
    }

    fn number(&mut self, count: usize) -> usize {
        (0..count).map(|place| self.one() << place).sum()
    }

    fn code(&mut self, count: usize) -> usize {
        (0..count).fold(0, |code, _| code << 1 | self.one())
    }

    /// Literal or length of the fixed code.
    fn symbol(&mut self) -> usize {
        let seven = self.code(7);
        if seven < 24 {
            return 256 + seven;
        }
        let eight = seven << 1 | self.one();
        match eight {
            48..=191 => eight - 48,
            192..=199 => eight - 192 + 280,
            _ => (eight << 1 | self.one()) - 400 + 144,
        }
    }
}

fn inflate(bytes: &[u8]) -> Vec<u8> {
    const LENGTHS: [usize; 29] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258,
    ];
    const DISTANCES: [usize; 30] = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
        2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ];
    let mut bits = Bits { bytes, at: 0 };
    assert_eq!(bits.number(3), 0b011, "one last block of fixed codes");
    let mut out: Vec<u8> = Vec::new();
    loop {
        match bits.symbol() {
            literal @ 0..=255 => out.push(literal as u8),
            256 => return out,
            symbol => {
                let index = symbol - 257;
                let extra = if index < 8 || index == 28 {
                    0
                } else {
                    index / 4 - 1
                };
                let length = LENGTHS[index] + bits.number(extra);
                let code = bits.code(5);
                let extra = if code < 4 { 0 } else { code / 2 - 1 };
                let distance = DISTANCES[code] + bits.number(extra);
                for _ in 0..length {
                    out.push(out[out.len() - distance]);
                }
            }
        }
    }
}
