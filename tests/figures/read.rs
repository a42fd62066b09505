//! What an SVG file of ours says, read back: its words, lines and fills in pixels, and the numbers on its axes.

/// Words of an SVG, one per text element.
pub fn words(svg: &str) -> Vec<String> {
    texts(svg).map(|(_, words)| words).collect()
}

/// Attributes and words of each text element.
fn texts(svg: &str) -> impl Iterator<Item = (&str, String)> {
    let texts = svg
        .split("<text ")
        .skip(1)
        .filter_map(|text| text.split_once('>'));
    texts.map(|(look, rest)| {
        let words = rest.split("</text>").next().unwrap_or("");
        (look, words.trim().to_string())
    })
}

fn attribute(look: &str, name: &str) -> f64 {
    let start = format!("{name}=\"");
    let value = look
        .split(start.as_str())
        .nth(1)
        .and_then(|rest| rest.split('"').next());
    value
        .and_then(|value| value.parse().ok())
        .expect("a number")
}

/// Lines of one colour and width (in tenths of pixels), their points in pixels.
pub fn strokes(svg: &str, colour: &str, width: u32) -> Vec<Vec<(f64, f64)>> {
    let look = format!("stroke=\"{colour}\" stroke-width=\"{width}\"");
    paths(svg, &look)
}

/// Outlines of one colour, their corners in pixels.
pub fn fills(svg: &str, colour: &str) -> Vec<Vec<(f64, f64)>> {
    paths(svg, &format!("<path fill=\"{colour}\""))
}

fn paths(svg: &str, look: &str) -> Vec<Vec<(f64, f64)>> {
    let paths = svg.split('\n').filter(|element| element.contains(look));
    let data = paths.filter_map(|path| path.split_once(" d=\"")?.1.split_once('"'));
    let parts = data.flat_map(|(data, _)| data.split('M').skip(1));
    parts.map(|part| line(part.trim_end_matches('z'))).collect()
}

/// `X Yl STEP STEP …` in tenths of pixels.
fn line(part: &str) -> Vec<(f64, f64)> {
    let numbers = part
        .split([' ', 'l'])
        .map(|number| number.parse::<f64>().expect("a number"));
    let numbers: Vec<f64> = numbers.collect();
    let mut at = (0.0, 0.0);
    let steps = numbers.chunks_exact(2).map(|step| {
        at = (at.0 + step[0], at.1 + step[1]);
        (at.0 / 10.0, at.1 / 10.0)
    });
    steps.collect()
}

/// An axis by two of the numbers on it: value and pixel of each.
pub struct Scale([(f64, f64); 2]);

impl Scale {
    /// The x axis, by two of its numbers.
    pub fn along(svg: &str, low: &str, high: &str) -> Self {
        let of = |number: &str| {
            let middle = texts(svg)
                .filter(|(look, words)| look.contains("text-anchor=\"middle\"") && words == number);
            let look = middle.map(|(look, _)| look).next().expect("such a number");
            (
                number.parse().expect("a number"),
                0.1 * attribute(look, "x"),
            )
        };
        Self([of(low), of(high)])
    }

    /// The y axis, by two of its numbers. Both stand equally far below their ticks, 0.36 of their size.
    pub fn up(svg: &str, low: &str, high: &str) -> Self {
        let of = |number: &str| {
            let mut left = texts(svg)
                .filter(|(look, words)| look.contains("text-anchor=\"end\"") && words == number);
            let (look, _) = left.next().expect("such a number");
            let tick = attribute(look, " y") - 0.36 * attribute(look, "font-size");
            (number.parse().expect("a number"), 0.1 * tick)
        };
        Self([of(low), of(high)])
    }

    /// Value at a pixel of a linear axis.
    pub fn value(&self, pixel: f64) -> f64 {
        let [(low, from), (high, to)] = self.0;
        low + (pixel - from) / (to - from) * (high - low)
    }

    /// Value at a pixel of a logarithmic axis.
    pub fn value_log(&self, pixel: f64) -> f64 {
        let [(low, from), (high, to)] = self.0;
        let share = (pixel - from) / (to - from);
        low * insilin::math::pow(high / low, share)
    }
}
