//! Pixels → PNG (RFC 2083): rows filtered by the row above, then deflated (RFC 1951) with the fixed codes.
//!
//! Figures are flat colour: nearly every filtered row is a run of zeros, so the plain codes do as well as better ones.

const SIGNATURE: [u8; 8] = [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1A, b'\n'];

/// `rgb` (three bytes per pixel, row by row from the top) as a PNG of 8-bit RGB.
pub(super) fn encode(rgb: &[u8], width: u32, height: u32) -> Vec<u8> {
    assert_eq!(
        rgb.len(),
        3 * width as usize * height as usize,
        "three bytes per pixel"
    );
    let mut file = SIGNATURE.to_vec();
    let mut header = Vec::with_capacity(13);
    header.extend(width.to_be_bytes());
    header.extend(height.to_be_bytes());
    // 8 bits, RGB, deflate, adaptive filters, not interlaced.
    header.extend([8, 2, 0, 0, 0]);
    push_chunk(&mut file, *b"IHDR", &header);
    push_chunk(
        &mut file,
        *b"IDAT",
        &compress(&filter(rgb, 3 * width as usize)),
    );
    push_chunk(&mut file, *b"IEND", &[]);
    file
}

fn push_chunk(file: &mut Vec<u8>, kind: [u8; 4], content: &[u8]) {
    let length = u32::try_from(content.len()).expect("a figure is far smaller than 4 GB");
    file.extend(length.to_be_bytes());
    let start = file.len();
    file.extend(kind);
    file.extend(content);
    let check = crc32(&file[start..]);
    file.extend(check.to_be_bytes());
}

/// Each row less the row above, behind the number of that filter.
fn filter(rgb: &[u8], stride: usize) -> Vec<u8> {
    const UP: u8 = 2;
    let mut filtered = Vec::with_capacity(rgb.len() + rgb.len() / stride.max(1));
    let mut above: &[u8] = &vec![0; stride];
    for row in rgb.chunks_exact(stride) {
        filtered.push(UP);
        filtered.extend(
            row.iter()
                .zip(above)
                .map(|(byte, above)| byte.wrapping_sub(*above)),
        );
        above = row;
    }
    filtered
}

/// zlib stream (RFC 1950) of one deflate block.
fn compress(bytes: &[u8]) -> Vec<u8> {
    let mut stream = Bits {
        bytes: vec![0x78, 0x01],
        held: 0,
        count: 0,
    };
    stream.push(0b011, 3); // last block, fixed codes
    deflate(bytes, &mut stream);
    stream.push_symbol(256);
    let mut stream = stream.finish();
    stream.extend(adler32(bytes).to_be_bytes());
    stream
}

const MIN_MATCH: usize = 3;
const MAX_MATCH: usize = 258;
const WINDOW: usize = 32768;

/// Bytes as literals and copies of what came before: always the latest place with the same three bytes.
fn deflate(bytes: &[u8], stream: &mut Bits) {
    const NEVER: usize = usize::MAX;
    let mut latest = vec![NEVER; 1 << 14];
    let mut at = 0;
    while at < bytes.len() {
        let length = match bytes.get(at..at + MIN_MATCH) {
            Some(head) => {
                let key = u32::from_le_bytes([head[0], head[1], head[2], 0])
                    .wrapping_mul(0x9E37_79B1)
                    >> 18;
                let before = std::mem::replace(&mut latest[key as usize], at);
                let within = before != NEVER && at - before <= WINDOW;
                let length = if within { common(bytes, before, at) } else { 0 };
                if length >= MIN_MATCH {
                    stream.push_copy(length, at - before);
                }
                length
            }
            None => 0,
        };
        if length >= MIN_MATCH {
            at += length;
        } else {
            stream.push_symbol(u32::from(bytes[at]));
            at += 1;
        }
    }
}

/// Bytes that agree from two places on.
fn common(bytes: &[u8], before: usize, at: usize) -> usize {
    let most = MAX_MATCH.min(bytes.len() - at);
    (0..most)
        .find(|&offset| bytes[before + offset] != bytes[at + offset])
        .unwrap_or(most)
}

/// Bits packed from the lowest up, as deflate wants them.
struct Bits {
    bytes: Vec<u8>,
    held: u64,
    count: u32,
}

impl Bits {
    fn push(&mut self, bits: u32, count: u32) {
        self.held |= u64::from(bits) << self.count;
        self.count += count;
        while self.count >= 8 {
            self.bytes.push(self.held as u8);
            self.held >>= 8;
            self.count -= 8;
        }
    }

    /// A Huffman code: its bits go in highest first.
    fn push_code(&mut self, code: u32, count: u32) {
        self.push(code.reverse_bits() >> (32 - count), count);
    }

    /// Literal or length symbol in the fixed code (RFC 1951, 3.2.6).
    fn push_symbol(&mut self, symbol: u32) {
        match symbol {
            0..=143 => self.push_code(0x30 + symbol, 8),
            144..=255 => self.push_code(0x190 + symbol - 144, 9),
            256..=279 => self.push_code(symbol - 256, 7),
            _ => self.push_code(0xC0 + symbol - 280, 8),
        }
    }

    /// A copy of `length` bytes from `distance` back (RFC 1951, 3.2.5).
    fn push_copy(&mut self, length: usize, distance: usize) {
        if length == MAX_MATCH {
            self.push_symbol(285);
        } else {
            let (symbol, extra, bits) = split(length - MIN_MATCH, 4);
            self.push_symbol(257 + symbol);
            self.push(extra, bits);
        }
        let (symbol, extra, bits) = split(distance - 1, 2);
        self.push_code(symbol, 5);
        self.push(extra, bits);
    }

    fn finish(mut self) -> Vec<u8> {
        self.push(0, (8 - self.count) % 8);
        self.bytes
    }
}

/// Symbol, extra bits and their number for `value` where `per_step` symbols share each number of extra bits.
fn split(value: usize, per_step: u32) -> (u32, u32, u32) {
    let value = value as u32;
    if value < 2 * per_step {
        return (value, 0, 0);
    }
    let bits = value.ilog2() - per_step.ilog2();
    let within = value >> bits;
    (per_step * bits + within, value & ((1 << bits) - 1), bits)
}

fn adler32(bytes: &[u8]) -> u32 {
    const PRIME: u32 = 65521;
    let (mut a, mut b) = (1_u32, 0_u32);
    // 5552 additions cannot overflow 32 bits.
    for block in bytes.chunks(5552) {
        for &byte in block {
            a += u32::from(byte);
            b += a;
        }
        a %= PRIME;
        b %= PRIME;
    }
    b << 16 | a
}

const CRC_TABLE: [u32; 256] = crc_table();

const fn crc_table() -> [u32; 256] {
    let mut table = [0; 256];
    let mut index = 0;
    while index < 256 {
        let mut rest = index as u32;
        let mut bit = 0;
        while bit < 8 {
            rest = if rest & 1 == 1 {
                0xEDB8_8320 ^ (rest >> 1)
            } else {
                rest >> 1
            };
            bit += 1;
        }
        table[index] = rest;
        index += 1;
    }
    table
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |rest, &byte| {
        CRC_TABLE[((rest ^ u32::from(byte)) & 0xFF) as usize] ^ (rest >> 8)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn check_sums_are_the_published_ones() {
        // Check values of the two algorithms for the nine digits, and of the Adler-32 example "Wikipedia".
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11E6_0398);
    }

    #[test]
    fn lengths_and_distances_take_the_symbols_of_the_standard() {
        // Rows of the tables in RFC 1951, 3.2.5: symbol, extra value, extra bits.
        assert_eq!(split(10 - 3, 4), (264 - 257, 0, 0));
        assert_eq!(split(11 - 3, 4), (265 - 257, 0, 1));
        assert_eq!(split(66 - 3, 4), (276 - 257, 7, 3));
        assert_eq!(split(257 - 3, 4), (284 - 257, 30, 5));
        assert_eq!(split(4 - 1, 2), (3, 0, 0));
        assert_eq!(split(8 - 1, 2), (5, 1, 1));
        assert_eq!(split(32768 - 1, 2), (29, 8191, 13));
    }
}
