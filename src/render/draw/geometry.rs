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
    fn points_that_cannot_be_told_apart_are_drawn_once() {
        assert_eq!(
            simplify(&[(0.0, 0.0), (0.05, 0.0), (0.1, 0.05), (5.0, 0.0)]),
            vec![(0.0, 0.0), (5.0, 0.0)]
        );
    }
}
