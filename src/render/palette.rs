//! Colours that people with any form of colour vision tell apart.

/// Red, green and blue, 0–255 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// What a colour is for; the palette decides what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// The n-th thing compared, counted from 0; repeats after seven.
    Series(usize),
    /// Measured data: near black.
    Measured,
    /// Something to look past: grey.
    Muted,
}

/// Okabe and Ito's palette, blue first; its yellow is left out, too pale for a line on white.
/// Source: Okabe & Ito 2008, *Color Universal Design*, <https://jfly.uni-koeln.de/color/>.
const SERIES: [Rgb; 7] = [
    Rgb(0, 114, 178),   // blue
    Rgb(213, 94, 0),    // vermilion
    Rgb(0, 158, 115),   // bluish green
    Rgb(204, 121, 167), // reddish purple
    Rgb(230, 159, 0),   // orange
    Rgb(86, 180, 233),  // sky blue
    Rgb(0, 0, 0),       // black
];

impl Colour {
    /// Its look on a white ground.
    pub fn rgb(self) -> Rgb {
        match self {
            Self::Series(index) => SERIES[index % SERIES.len()],
            Self::Measured => Rgb(40, 40, 40),
            Self::Muted => Rgb(150, 150, 150),
        }
    }
}
