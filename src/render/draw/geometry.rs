//! Cutting lines: at the edges of a panel, into dashes, down to what can be seen.

use super::scene::{Point, Rect};
use crate::render::Dash;

/// Parts of a path of straight pieces that lie within `rect`.
pub(super) fn clip(path: &[Point], rect: &Rect) -> Vec<Vec<Point>> {
    let mut parts: Vec<Vec<Point>> = Vec::new();
    for piece in path.windows(2) {
        let Some((from, to)) = clip_piece(piece[0], piece[1], rect) else {
            continue;
        };
        match parts.last_mut() {
            Some(part) if part.last() == Some(&from) => part.push(to),
            _ => parts.push(vec![from, to]),
        }
    }
    parts
}

/// Liang–Barsky: the part of one straight piece within `rect`.
fn clip_piece(from: Point, to: Point, rect: &Rect) -> Option<(Point, Point)> {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (mut enter, mut leave) = (0.0_f64, 1.0_f64);
    let edges = [
        (-dx, from.0 - rect.left),
        (dx, rect.right - from.0),
        (-dy, from.1 - rect.top),
        (dy, rect.bottom - from.1),
    ];
    for (towards, room) in edges {
        if towards == 0.0 && room < 0.0 {
            return None;
        } else if towards < 0.0 {
            enter = enter.max(room / towards);
        } else if towards > 0.0 {
            leave = leave.min(room / towards);
        }
    }
    let at = |share: f64| match share {
        0.0 => from,
        1.0 => to,
        _ => (from.0 + share * dx, from.1 + share * dy),
    };
    (enter <= leave).then(|| (at(enter), at(leave)))
}

/// The path without points that lie on top of the one before, at a tenth of a pixel.
pub(super) fn simplify(path: &[Point]) -> Vec<Point> {
    const NEAR: f64 = 0.2;
    let mut kept: Vec<Point> = Vec::with_capacity(path.len());
    for (index, &point) in path.iter().enumerate() {
        let far = |last: &Point| (last.0 - point.0).abs() > NEAR || (last.1 - point.1).abs() > NEAR;
        if kept.last().is_none_or(far) || index + 1 == path.len() {
            kept.push(point);
        }
    }
    kept
}

/// The path without points that lie within `tolerance` of the line between those that stay.
///
/// Source: Douglas & Peucker 1973, Cartographica 10:112–122.
pub(super) fn straightened(path: &[Point], tolerance: f64) -> Vec<Point> {
    if path.len() < 3 {
        return path.to_vec();
    }
    let mut kept = vec![false; path.len()];
    (kept[0], kept[path.len() - 1]) = (true, true);
    let mut spans = vec![(0, path.len() - 1)];
    while let Some((first, last)) = spans.pop() {
        let inner = first + 1..last;
        let off = |at: usize| distance(path[at], path[first], path[last]);
        let Some(farthest) = inner.max_by(|&one, &other| off(one).total_cmp(&off(other))) else {
            continue;
        };
        if off(farthest) > tolerance {
            kept[farthest] = true;
            spans.extend([(first, farthest), (farthest, last)]);
        }
    }
    let stay = path.iter().zip(kept).filter(|(_, kept)| *kept);
    stay.map(|(point, _)| *point).collect()
}

/// From a point to the straight piece between two others.
fn distance(at: Point, from: Point, to: Point) -> f64 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let (x, y) = (at.0 - from.0, at.1 - from.1);
    let square = dx * dx + dy * dy;
    let share = if square > 0.0 {
        ((x * dx + y * dy) / square).clamp(0.0, 1.0)
    } else {
        0.0
    };
    let (x, y) = (x - share * dx, y - share * dy);
    (x * x + y * y).sqrt()
}

/// The part of an outline within `rect`, one edge after the other.
///
/// Source: Sutherland & Hodgman 1974, Commun ACM 17:32–42. Parts of a bent outline stay joined along the edges of `rect`.
pub(super) fn clip_area(outline: &[Point], rect: &Rect) -> Vec<Point> {
    // For each edge how far inside a point is.
    let edges: [&dyn Fn(Point) -> f64; 4] = [
        &|p| p.0 - rect.left,
        &|p| rect.right - p.0,
        &|p| p.1 - rect.top,
        &|p| rect.bottom - p.1,
    ];
    let mut kept = outline.to_vec();
    for inside in edges {
        let whole = std::mem::take(&mut kept);
        for (from, to) in whole.iter().zip(whole.iter().cycle().skip(1)) {
            let (before, after) = (inside(*from), inside(*to));
            if before >= 0.0 {
                kept.push(*from);
            }
            if (before >= 0.0) != (after >= 0.0) {
                let share = before / (before - after);
                let between = |a: f64, b: f64| a + share * (b - a);
                kept.push((between(from.0, to.0), between(from.1, to.1)));
            }
        }
    }
    kept
}

/// The path cut into dashes for lines of `width` pixels.
pub(super) fn dashes(path: &[Point], dash: Dash, width: f64) -> Vec<Vec<Point>> {
    // Lengths drawn and left out in turn.
    let lengths: &[f64] = match dash {
        Dash::Solid => return vec![path.to_vec()],
        Dash::Dashed => &[4.0, 2.5],
        Dash::Dotted => &[0.75, 2.25],
        Dash::DashDotted => &[5.0, 2.0, 0.75, 2.0],
    };
    let mut turn = 0;
    let mut parts: Vec<Vec<Point>> = vec![path.first().copied().into_iter().collect()];
    let (mut drawing, mut left) = (true, lengths[0] * width);
    for piece in path.windows(2) {
        let (dx, dy) = (piece[1].0 - piece[0].0, piece[1].1 - piece[0].1);
        let length = (dx * dx + dy * dy).sqrt();
        let mut done = 0.0;
        while length - done > left {
            done += left;
            let cut = (
                piece[0].0 + dx * (done / length),
                piece[0].1 + dy * (done / length),
            );
            if drawing {
                parts.last_mut().expect("a dash is open").push(cut);
            } else {
                parts.push(vec![cut]);
            }
            drawing = !drawing;
            turn = (turn + 1) % lengths.len();
            left = lengths[turn] * width;
        }
        left -= length - done;
        if drawing {
            parts.last_mut().expect("a dash is open").push(piece[1]);
        }
    }
    parts.retain(|part| part.len() > 1);
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    const UNIT: Rect = Rect {
        left: 0.0,
        top: 0.0,
        right: 10.0,
        bottom: 10.0,
    };

    #[test]
    fn a_line_through_the_panel_is_cut_at_both_edges() {
        assert_eq!(
            clip(&[(-5.0, 5.0), (15.0, 5.0)], &UNIT),
            vec![vec![(0.0, 5.0), (10.0, 5.0)]]
        );
        assert_eq!(
            clip(&[(-5.0, -5.0), (-1.0, 20.0)], &UNIT),
            Vec::<Vec<Point>>::new()
        );
    }

    #[test]
    fn a_line_that_leaves_and_returns_has_two_parts() {
        let path = [(1.0, 5.0), (3.0, 15.0), (5.0, 5.0)];
        assert_eq!(
            clip(&path, &UNIT),
            vec![vec![(1.0, 5.0), (2.0, 10.0)], vec![(4.0, 10.0), (5.0, 5.0)]]
        );
    }

    #[test]
    fn dashes_cover_their_share_of_the_length() {
        let parts = dashes(&[(0.0, 0.0), (40.0, 0.0), (65.0, 0.0)], Dash::Dashed, 2.0);
        let drawn: f64 = parts
            .iter()
            .map(|part| part[part.len() - 1].0 - part[0].0)
            .sum();
        assert_eq!(parts.len(), 5);
        assert!(
            (drawn - 40.0).abs() < 1e-9,
            "five dashes of 8 px, gaps of 5 px, over 65 px: {drawn}"
        );
    }

    #[test]
    fn a_straightened_path_keeps_corners_and_stays_near_the_rest() {
        let bend = |i: u32| {
            let x = 0.1 * f64::from(i);
            (x, if i == 50 { 40.0 } else { 0.02 * x * x })
        };
        let path: Vec<Point> = (0..=1000).map(bend).collect();
        let kept = straightened(&path, 0.25);
        assert!(
            kept.len() < 40 && kept.contains(&(5.0, 40.0)),
            "{}",
            kept.len()
        );
        for &at in &path {
            let near = kept
                .windows(2)
                .any(|pair| distance(at, pair[0], pair[1]) <= 0.25);
            assert!(near, "{at:?} is off the line");
        }
    }

    #[test]
    fn an_area_is_cut_at_the_edges_of_the_panel() {
        let triangle = [(-5.0, -5.0), (15.0, 5.0), (-5.0, 15.0)];
        let cut = clip_area(&triangle, &UNIT);
        let next = cut.iter().cycle().skip(1);
        let area = cut
            .iter()
            .zip(next)
            .map(|(a, b)| 0.5 * (a.0 * b.1 - b.0 * a.1));
        // The square without two corners: right of x = 10 the triangle is cut, above it y = x/2 − 2.5 and its mirror image.
        let corners = 2.0 * 0.5 * 5.0 * 2.5;
        assert!((area.sum::<f64>() - (100.0 - corners)).abs() < 1e-12);
    }

    #[test]
    fn points_that_cannot_be_told_apart_are_drawn_once() {
        assert_eq!(
            simplify(&[(0.0, 0.0), (0.05, 0.0), (0.1, 0.05), (5.0, 0.0)]),
            vec![(0.0, 0.0), (5.0, 0.0)]
        );
    }
}
