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

/// The same for lines and dots on white: without the lightest colours, which only show where they fill something.
pub fn heat_line(share: f64) -> Rgb {
    const PALEST: f64 = 0.35;
    heat(PALEST + (1.0 - PALEST) * share.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::math::pow;

    /// Light of the three channels, 0 … 1 (sRGB, IEC 61966-2-1).
    fn linear(Rgb(red, green, blue): Rgb) -> [f64; 3] {
        [red, green, blue].map(|level| {
            let share = f64::from(level) / 255.0;
            if share <= 0.04045 {
                share / 12.92
            } else {
                pow((share + 0.055) / 1.055, 2.4)
            }
        })
    }

    fn times(matrix: [[f64; 3]; 3], light: [f64; 3]) -> [f64; 3] {
        matrix.map(|row| row.iter().zip(light).map(|(a, b)| a * b).sum())
    }

    /// As deuteranopes see it.
    /// Source: Machado, Oliveira & Fernandes 2009, IEEE Trans Vis Comput Graph 15:1291–1298, severity 1.0.
    fn deuteranope(light: [f64; 3]) -> [f64; 3] {
        const SEEN: [[f64; 3]; 3] = [
            [0.367322, 0.860646, -0.227968],
            [0.280085, 0.672501, 0.047413],
            [-0.011820, 0.042940, 0.968881],
        ];
        times(SEEN, light).map(|level| level.clamp(0.0, 1.0))
    }

    /// CIE L*a*b* under D65.
    fn lab(light: [f64; 3]) -> [f64; 3] {
        const XYZ: [[f64; 3]; 3] = [
            [0.4124564, 0.3575761, 0.1804375],
            [0.2126729, 0.7151522, 0.0721750],
            [0.0193339, 0.1191920, 0.9503041],
        ];
        let white = [0.95047, 1.0, 1.08883];
        let xyz = times(XYZ, light);
        let root = |at: usize| {
            let share: f64 = xyz[at] / white[at];
            if share > 0.008856 {
                pow(share, 1.0 / 3.0)
            } else {
                7.787 * share + 16.0 / 116.0
            }
        };
        let (x, y, z) = (root(0), root(1), root(2));
        [116.0 * y - 16.0, 500.0 * (x - y), 200.0 * (y - z)]
    }

    /// Distance in L*a*b*: about 2.3 is just seen, 10 is seen at a glance.
    fn distance(one: [f64; 3], other: [f64; 3]) -> f64 {
        let squares = one.iter().zip(other).map(|(a, b)| (a - b) * (a - b));
        squares.sum::<f64>().sqrt()
    }

    #[test]
    fn series_are_told_apart_by_deuteranopes_too() {
        let seen: Vec<[f64; 3]> = (0..SERIES.len())
            .map(|at| lab(deuteranope(linear(Colour::Series(at).rgb()))))
            .collect();
        for one in 0..seen.len() {
            for other in 0..one {
                let apart = distance(seen[one], seen[other]);
                assert!(apart > 15.0, "{other} and {one} are {apart} apart");
            }
        }
    }

    #[test]
    fn heat_gets_darker_all_the_way_and_an_eighth_of_it_is_seen_by_deuteranopes_too() {
        let lightness = |share: f64| lab(linear(heat(share)))[0];
        for step in 0..64 {
            let (from, to) = (f64::from(step) / 64.0, f64::from(step + 1) / 64.0);
            assert!(lightness(to) < lightness(from), "from {from} to {to}");
        }
        let seen = |step: u32| lab(deuteranope(linear(heat(f64::from(step) / 8.0))));
        for step in 0..8 {
            let apart = distance(seen(step), seen(step + 1));
            assert!(apart > 12.0, "{step} and the next are {apart} apart");
        }
    }

    #[test]
    fn lines_get_darker_all_the_way_and_the_palest_shows_on_white() {
        let lightness = |share: f64| lab(linear(heat_line(share)))[0];
        for step in 0..64 {
            let (from, to) = (f64::from(step) / 64.0, f64::from(step + 1) / 64.0);
            assert!(lightness(to) < lightness(from), "from {from} to {to}");
        }
        // White has 100; a tenth of the way to black is seen at a glance.
        assert!(lightness(0.0) < 82.0, "{}", lightness(0.0));
    }

    #[test]
    fn heat_beyond_its_ends_has_the_colour_of_the_end() {
        assert_eq!(heat(-3.0), heat(0.0));
        assert_eq!(heat(7.0), heat(1.0));
        assert_eq!(heat(0.5), Rgb(65, 182, 196));
    }
}
