//! What happens: lanes above a plot, one for each kind, and its traces within the plot.

use super::geometry::dashes;
use super::pattern::Pattern;
use super::scale::Scale;
use super::scene::{AXIS, Anchor, INK, Rect, SOFT_INK, Scene, Shape, Text, WHITE};
use super::sign;
use super::text::{shorten, width};
use crate::render::{Band, Colour, Dash, HappeningKind, Mark, Naming, Panel};

const SIZE: f64 = 11.5;
const ROW: f64 = 17.0;
const BAR: f64 = 13.0;
/// Most rows of one kind; what finds no room in them loses its words.
const MOST_ROWS: usize = 3;
/// A kind with less room for each than this is drawn without words and leaves no trace in the plot.
const CROWDED: f64 = 12.0;
const APART: f64 = 6.0;
/// Least distance of signs without words.
const CLOSEST: f64 = 3.0;
/// Between the lowest lane and the plot.
const BELOW: f64 = 7.0;
/// Between the lines of a pattern, in a lane and in a plot.
const HATCH: f64 = 4.0;
const WIDE_HATCH: f64 = 8.0;

/// All lanes of a panel; positions are relative to the left edge of its plot.
pub(super) struct Lanes {
    rows: Vec<Row>,
    /// Height in pixels; 0 without happenings.
    pub height: f64,
}

struct Row {
    kind: HappeningKind,
    /// Whether it is the first of its kind, where the kind is named.
    first: bool,
    items: Vec<Item>,
    end: f64,
}

#[derive(Clone)]
struct Item {
    left: f64,
    right: f64,
    instant: bool,
    /// Words as far as there is room for them.
    words: String,
    /// All of the words.
    label: String,
}

/// Where an item and its words lie.
struct Extent {
    start: f64,
    end: f64,
    words: f64,
}

/// Room left of the plot that the names of lanes need.
pub(super) fn names_width(panel: &Panel) -> f64 {
    if panel.naming != Naming::Lanes {
        return 0.0;
    }
    let kinds = kinds(panel).into_iter();
    kinds
        .map(|kind| width(kind.word(), SIZE, false) + 12.0)
        .fold(0.0, f64::max)
}

/// Kinds that happen in a panel, in their order.
pub(super) fn kinds(panel: &Panel) -> Vec<HappeningKind> {
    let happens = |kind: &HappeningKind| {
        panel.bands.iter().any(|band| band.kind == *kind)
            || panel.marks.iter().any(|mark| mark.kind == *kind)
    };
    HappeningKind::ALL.into_iter().filter(happens).collect()
}

/// Places all that happens within the view.
pub(super) fn arrange(panel: &Panel, x: &Scale, plot_width: f64) -> Lanes {
    let mut rows = Vec::new();
    if panel.naming == Naming::Lanes {
        for kind in kinds(panel) {
            let items = items(panel, kind, x, plot_width);
            if crowded(panel, kind, x, plot_width) {
                rows.push(Row::bare(kind, &items));
            } else {
                rows.extend(place(kind, &items, plot_width));
            }
        }
    }
    let height = if rows.is_empty() {
        0.0
    } else {
        ROW * rows.len() as f64 + BELOW
    };
    Lanes { rows, height }
}

fn items(panel: &Panel, kind: HappeningKind, x: &Scale, plot_width: f64) -> Vec<Item> {
    if crowded(panel, kind, x, plot_width) {
        return dense(panel, kind, x, plot_width);
    }
    let bands = panel.bands.iter().filter(|band| band.kind == kind);
    let bands = bands.filter_map(|band| {
        let (left, right) = span(band, x, plot_width)?;
        Some(item(left, right, false, &band.label, plot_width))
    });
    let marks = panel.marks.iter().filter(|mark| mark.kind == kind);
    let marks = marks.filter_map(|mark| {
        let at = moment(mark, x, plot_width)?;
        Some(item(at, at, true, &mark.label, plot_width))
    });
    let mut items: Vec<Item> = bands.chain(marks).collect();
    items.sort_by(|a, b| a.left.total_cmp(&b.left));
    items
}

/// Without words, and no more of them than can be told apart.
fn dense(panel: &Panel, kind: HappeningKind, x: &Scale, plot_width: f64) -> Vec<Item> {
    let spans = joined_spans(panel, kind, x, plot_width).into_iter();
    let bands = spans.map(|(left, right)| item(left, right, false, "", plot_width));
    let marks = panel.marks.iter().filter(|mark| mark.kind == kind);
    let mut places: Vec<f64> = marks
        .filter_map(|mark| moment(mark, x, plot_width))
        .collect();
    places.sort_by(f64::total_cmp);
    let mut last = f64::NEG_INFINITY;
    places.retain(|at| {
        let apart = at - last >= CLOSEST;
        last = if apart { *at } else { last };
        apart
    });
    let marks = places
        .into_iter()
        .map(|at| item(at, at, true, "", plot_width));
    bands.chain(marks).collect()
}

/// Whether a kind happens too often in the view for each to be told.
fn crowded(panel: &Panel, kind: HappeningKind, x: &Scale, plot_width: f64) -> bool {
    let bands = panel.bands.iter().filter(|band| band.kind == kind);
    let marks = panel.marks.iter().filter(|mark| mark.kind == kind);
    let seen = bands.filter_map(|band| span(band, x, plot_width)).count()
        + marks.filter_map(|mark| moment(mark, x, plot_width)).count();
    seen as f64 * CROWDED > plot_width
}

fn item(left: f64, right: f64, instant: bool, label: &str, plot_width: f64) -> Item {
    Item {
        left,
        right,
        instant,
        words: shorten(label, SIZE, false, 0.5 * plot_width),
        label: label.into(),
    }
}

/// The part of a band within the view, in pixels from the left edge.
fn span(band: &Band, x: &Scale, plot_width: f64) -> Option<(f64, f64)> {
    let left = x.share(band.from)?.max(0.0) * plot_width;
    let right = x.share(band.to)?.min(1.0) * plot_width;
    (left < right).then_some((left, right))
}

fn moment(mark: &Mark, x: &Scale, plot_width: f64) -> Option<f64> {
    let share = x.share(mark.at)?;
    (0.0..=1.0).contains(&share).then_some(share * plot_width)
}

impl Item {
    /// Words stand within a bar that is long enough, else at its right, else at its left.
    fn extent(&self, plot_width: f64) -> Extent {
        let reach = if self.instant { sign::REACH + 1.0 } else { 0.0 };
        let (start, end) = (self.left - reach, self.right + reach);
        let room = width(&self.words, SIZE, false);
        let extent = |start, end, words| Extent { start, end, words };
        if room == 0.0 {
            extent(start, end, start)
        } else if room + 8.0 <= end - start {
            extent(start, end, 0.5 * (start + end - room))
        } else if end + 4.0 + room <= plot_width {
            extent(start, end + 4.0 + room + APART, end + 4.0)
        } else {
            let words = (start - 4.0 - room).max(0.0);
            extent(words - APART, end, words)
        }
    }

    fn bare(&self) -> Self {
        Self {
            words: String::new(),
            ..self.clone()
        }
    }
}

/// Rows of one kind; without words in one row where there are too many for a few.
fn place(kind: HappeningKind, items: &[Item], plot_width: f64) -> Vec<Row> {
    let rows = in_rows(kind, items, plot_width);
    let alike = items.windows(2).all(|pair| pair[0].label == pair[1].label);
    if !alike || rows.len() < 2 {
        return rows;
    }
    // Bars in a line say more than the same words again and again: once is enough, where there is room.
    let mut row = Row::bare(kind, items);
    let ends = items[1..].iter().map(|next| next.left - APART);
    let fits = items
        .iter()
        .zip(ends.chain([plot_width]))
        .position(|(item, end)| item.extent(plot_width).end <= end);
    if let Some(at) = fits {
        row.items[at].words.clone_from(&items[at].words);
    }
    vec![row]
}

fn in_rows(kind: HappeningKind, items: &[Item], plot_width: f64) -> Vec<Row> {
    let mut rows: Vec<Row> = Vec::new();
    for (at, item) in items.iter().enumerate() {
        // Words that were just read need no row of their own.
        let again = at > 0 && items[at - 1].label == item.label;
        let most = if again { 1 } else { MOST_ROWS };
        let tried = [(item.clone(), most), (item.bare(), MOST_ROWS)];
        let placed = tried.into_iter().find_map(|(item, most)| {
            let extent = item.extent(plot_width);
            let free = rows
                .iter()
                .take(most)
                .position(|row| row.end <= extent.start);
            let row = free.or((rows.len() < most).then_some(rows.len()))?;
            Some((row, extent.end, item))
        });
        let Some((row, end, item)) = placed else {
            return vec![Row::bare(kind, items)];
        };
        if row == rows.len() {
            rows.push(Row {
                kind,
                first: rows.is_empty(),
                items: Vec::new(),
                end: 0.0,
            });
        }
        rows[row].end = end;
        rows[row].items.push(item);
    }
    rows
}

impl Lanes {
    /// Draws the lanes above `plot`.
    pub fn draw(&self, scene: &mut Scene, plot: &Rect) {
        let top = plot.top - self.height;
        for (index, row) in self.rows.iter().enumerate() {
            let middle = top + ROW * (index as f64 + 0.5);
            if row.first {
                let at = (plot.left - 8.0, middle + 0.36 * SIZE);
                let text = Text::new(at, row.kind.word(), SIZE).anchored(Anchor::End);
                scene.push(Shape::Text(text.coloured(SOFT_INK)));
            }
            row.draw(scene, plot, middle);
        }
    }
}

impl Row {
    fn bare(kind: HappeningKind, items: &[Item]) -> Self {
        Self {
            kind,
            first: true,
            items: items.iter().map(Item::bare).collect(),
            end: 0.0,
        }
    }

    fn draw(&self, scene: &mut Scene, plot: &Rect, middle: f64) {
        for item in &self.items {
            if item.instant {
                sign::draw(scene, self.kind, (plot.left + item.left, middle));
            } else {
                let right = item.right.max(item.left + 1.5);
                bar(
                    scene,
                    self.kind,
                    Rect {
                        left: plot.left + item.left,
                        right: plot.left + right,
                        top: middle - 0.5 * BAR,
                        bottom: middle + 0.5 * BAR,
                    },
                );
            }
        }
        for item in self.items.iter().filter(|item| !item.words.is_empty()) {
            let extent = item.extent(plot.width());
            let at = (plot.left + extent.words, middle + 0.36 * SIZE);
            let inside = !item.instant && (item.left..item.right).contains(&extent.words);
            if inside && Pattern::of(self.kind) != Pattern::Plain {
                let paper = Rect {
                    left: at.0 - 2.0,
                    right: at.0 + width(&item.words, SIZE, false) + 2.0,
                    top: middle - 0.5 * BAR + 1.0,
                    bottom: middle + 0.5 * BAR - 1.0,
                };
                scene.push(paper.fill(WHITE, 0.8));
            }
            let text = Text::new(at, item.words.as_str(), SIZE);
            scene.push(Shape::Text(text.coloured(INK)));
        }
    }
}

/// A bar in the colour and pattern of a kind: in lanes and as a sample in a legend.
pub(super) fn bar(scene: &mut Scene, kind: HappeningKind, rect: Rect) {
    let colour = Colour::Happening(kind).rgb();
    let alpha = match kind {
        HappeningKind::Phase => 0.12,
        _ if Pattern::of(kind) == Pattern::Plain => 0.38,
        _ => 0.25,
    };
    if rect.width() < HATCH {
        scene.push(rect.fill(colour, 0.6));
        return;
    }
    let corners = rect.corners();
    scene.push(rect.fill(colour, alpha));
    Pattern::of(kind).draw(scene, &corners, HATCH, colour);
    scene.push(Shape::Line {
        points: corners.into_iter().chain([corners[0]]).collect(),
        width: 1.0,
        colour,
    });
}

/// Shades bands within the plot, below everything else; with their pattern where no lane shows it.
pub(super) fn shade(scene: &mut Scene, panel: &Panel, x: &Scale, plot: &Rect) {
    for kind in kinds(panel)
        .into_iter()
        .filter(|&kind| kind != HappeningKind::Phase && !crowded(panel, kind, x, plot.width()))
    {
        let colour = Colour::Happening(kind).rgb();
        for (left, right) in joined_spans(panel, kind, x, plot.width()) {
            let rect = Rect {
                left: plot.left + left,
                right: plot.left + right,
                ..*plot
            };
            scene.push(rect.fill(colour, 0.16));
            if panel.naming == Naming::Legend {
                let pale = colour.lightened(0.55);
                Pattern::of(kind).draw(scene, &rect.corners(), WIDE_HATCH, pale);
            }
        }
    }
}

/// Spans of a kind within the view; those that touch are one, so that none is shaded twice.
fn joined_spans(panel: &Panel, kind: HappeningKind, x: &Scale, plot_width: f64) -> Vec<(f64, f64)> {
    let bands = panel.bands.iter().filter(|band| band.kind == kind);
    let mut spans: Vec<(f64, f64)> = bands.filter_map(|band| span(band, x, plot_width)).collect();
    spans.sort_by(|a, b| a.0.total_cmp(&b.0));
    let mut joined: Vec<(f64, f64)> = Vec::new();
    for (left, right) in spans {
        match joined.last_mut().filter(|last| left <= last.1 + 0.5) {
            Some(last) => last.1 = last.1.max(right),
            None => joined.push((left, right)),
        }
    }
    joined
}

/// Dotted lines at moments, and at the ends of phases; signs at the top of a plot that has no lanes.
pub(super) fn trace(scene: &mut Scene, panel: &Panel, x: &Scale, plot: &Rect) {
    for kind in kinds(panel)
        .into_iter()
        .filter(|&kind| !crowded(panel, kind, x, plot.width()))
    {
        let marks = panel.marks.iter().filter(|mark| mark.kind == kind);
        for at in marks.filter_map(|mark| moment(mark, x, plot.width())) {
            dotted(scene, plot.left + at, plot);
            if panel.naming != Naming::Lanes {
                sign::draw(scene, kind, (plot.left + at, plot.top + sign::REACH + 1.0));
            }
        }
        let phases = panel.bands.iter().filter(|band| band.kind == kind);
        for band in phases.filter(|_| kind == HappeningKind::Phase) {
            let start = x
                .share(band.from)
                .filter(|share| *share > 0.0 && *share < 1.0);
            if let Some(share) = start {
                dotted(scene, plot.left + share * plot.width(), plot);
            }
        }
    }
}

fn dotted(scene: &mut Scene, x: f64, plot: &Rect) {
    for points in dashes(&[(x, plot.top), (x, plot.bottom)], Dash::Dotted, 1.6) {
        scene.push(Shape::Line {
            points,
            width: 1.0,
            colour: AXIS,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::super::scale;
    use super::*;
    use crate::render::Axis;

    fn panel(labels: &[(f64, &str)]) -> Panel {
        let mark = |&(at, label): &(f64, &str)| Mark {
            at,
            label: label.into(),
            kind: HappeningKind::Meal,
        };
        Panel {
            x: Axis {
                range: Some((0.0, 100.0)),
                ..Axis::default()
            },
            marks: labels.iter().map(mark).collect(),
            ..Panel::default()
        }
    }

    fn ends(lanes: &Lanes, plot_width: f64) -> Vec<Vec<(f64, f64)>> {
        let row = |row: &Row| {
            let items = row.items.iter().map(|item| item.extent(plot_width));
            items.map(|extent| (extent.start, extent.end)).collect()
        };
        lanes.rows.iter().map(row).collect()
    }

    #[test]
    fn words_in_one_row_never_touch_and_stay_within_the_plot() {
        let words = ["bread and butter", "rice", "a large plate of pasta"];
        let many: Vec<(f64, &str)> = (0..9)
            .map(|at| (11.0 * f64::from(at), words[at as usize % 3]))
            .collect();
        let panel = panel(&many);
        let x = scale::horizontal(&panel);
        let lanes = arrange(&panel, &x, 700.0);
        let shown: usize = lanes.rows.iter().map(|row| row.items.len()).sum();
        assert_eq!(shown, 9, "nothing that happens is lost");
        for row in ends(&lanes, 700.0) {
            assert!(row.windows(2).all(|pair| pair[0].1 <= pair[1].0), "{row:?}");
            assert!(
                row.iter()
                    .all(|&(start, end)| start >= -7.0 && end <= 707.0)
            );
        }
        let shown = lanes.rows.iter().flat_map(|row| &row.items);
        let shown: Vec<&str> = shown.map(|item| item.words.as_str()).collect();
        assert!(words.iter().all(|word| shown.contains(word)), "{shown:?}");
        assert!((2..=MOST_ROWS).contains(&lanes.rows.len()));
    }

    #[test]
    fn more_than_a_few_rows_hold_are_shown_without_words() {
        let many: Vec<(f64, &str)> = (0..50)
            .map(|at| (50.0 + 0.1 * f64::from(at), "at one time"))
            .collect();
        let panel = panel(&many);
        let lanes = arrange(&panel, &scale::horizontal(&panel), 700.0);
        assert_eq!(lanes.rows.len(), 1);
        assert_eq!(lanes.rows[0].items.len(), 50);
        assert!(lanes.rows[0].items.iter().all(|item| item.words.is_empty()));
    }

    #[test]
    fn what_happens_outside_of_the_view_is_not_shown() {
        let panel = panel(&[(-1.0, "before"), (50.0, "within"), (101.0, "after")]);
        let lanes = arrange(&panel, &scale::horizontal(&panel), 700.0);
        let words = lanes.rows.iter().flat_map(|row| &row.items);
        let words: Vec<&str> = words.map(|item| item.words.as_str()).collect();
        assert_eq!(words, ["within"]);
    }
}
