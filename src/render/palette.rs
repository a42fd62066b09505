//! Colours that people with any form of colour vision tell apart.

use super::HappeningKind;

/// Red, green and blue, 0–255 each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

impl Rgb {
    /// The colour, `share` of the way to white.
    pub fn lightened(self, share: f64) -> Self {
        mixed(self, Self(255, 255, 255), share)
    }
}

fn mixed(from: Rgb, to: Rgb, share: f64) -> Rgb {
    let mix = |a: u8, b: u8| (f64::from(a) + share * (f64::from(b) - f64::from(a))).round() as u8;
    Rgb(mix(from.0, to.0), mix(from.1, to.1), mix(from.2, to.2))
}

/// What a colour is for; the palette decides what it looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Colour {
    /// The n-th thing compared, counted from 0; repeats after seven.
    Series(usize),
    /// Measured data: near black.
    Measured,
    /// Something to look past: grey.
    Muted,
    /// Something that happens to the subject.
    Happening(HappeningKind),
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
            Self::Happening(kind) => happening(kind),
        }
    }
}

/// Okabe and Ito's again, sleep the colour of night. Kinds also differ in pattern and sign.
fn happening(kind: HappeningKind) -> Rgb {
    match kind {
        HappeningKind::Meal => Rgb(230, 159, 0),
        HappeningKind::Bout => Rgb(0, 158, 115),
        HappeningKind::Sleep => Rgb(68, 78, 120),
        HappeningKind::Stress => Rgb(213, 94, 0),
        HappeningKind::Practice => Rgb(86, 180, 233),
        HappeningKind::Dose => Rgb(204, 121, 167),
        HappeningKind::Infusion => Rgb(0, 114, 178),
        HappeningKind::Phase => Rgb(150, 150, 150),
        HappeningKind::Other => Rgb(204, 190, 40),
    }
}

/// Stops of the sequential palette, light to dark.
/// Source: Brewer, Harrower & The Pennsylvania State University, <https://colorbrewer2.org>, `YlGnBu` of nine classes.
const HEAT: [Rgb; 9] = [
    Rgb(255, 255, 217),
    Rgb(237, 248, 177),
    Rgb(199, 233, 180),
    Rgb(127, 205, 187),
    Rgb(65, 182, 196),
    Rgb(29, 145, 192),
    Rgb(34, 94, 168),
    Rgb(37, 52, 148),
    Rgb(8, 29, 88),
];

/// Colour of the share `share` of a range, 0 lightest and 1 darkest; what lies outside is drawn as the nearer end.
pub fn heat(share: f64) -> Rgb {
    let place = share.clamp(0.0, 1.0) * (HEAT.len() - 1) as f64;
    let below = (place as usize).min(HEAT.len() - 2);
    mixed(HEAT[below], HEAT[below + 1], place - below as f64)
}
