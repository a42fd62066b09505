//! Lanes are independent: a trajectory has the same bits alone, beside others, and at any width.

use crate::toys::{Driven, Kaps, Robertson, System, Toy, VanDerPol};
use insilin::math::{Lane, Pack};
use insilin::solve::{Control, NoPast, Outcome, Rodas5P, Statistics};

/// What happens to one trajectory.
#[derive(Clone)]
struct Course {
    y: Vec<f64>,
    p: f64,
    start: f64,
    /// At each stop: where it is, and what is added to the first state and to the parameter there.
    stops: Vec<(f64, f64, f64)>,
    /// The first accepted step that begins after this time is retracted to its middle, once.
    retract_after: f64,
}

/// All that is seen of one trajectory, as bits.
#[derive(Debug, Default, PartialEq)]
struct Seen {
    bits: Vec<u64>,
    statistics: Statistics,
    rejected: usize,
}

struct Progress {
    course: Course,
    seen: Seen,
    next: usize,
    retracted: bool,
}

/// Runs the courses on `L::WIDTH` lanes; a lane that ends takes the next course.
fn run<T: Toy, L: Lane>(courses: &[Course], control: &Control) -> Vec<Seen> {
    let mut solver = Rodas5P::<L>::new(T::N, control.clone());
    let mut system = System::<T, L>::new();
    let mut p = vec![L::splat(1.0); T::N_PARAMETERS.max(1)];
    let mut waiting: Vec<usize> = (0..courses.len()).rev().collect();
    let mut at_work: Vec<Option<usize>> = vec![None; L::WIDTH];
    let mut all: Vec<Progress> = courses
        .iter()
        .map(|c| Progress {
            course: c.clone(),
            seen: Seen::default(),
            next: 0,
            retracted: false,
        })
        .collect();
    let mut outcomes = vec![Outcome::Idle; L::WIDTH];
    loop {
        for (lane, work) in at_work.iter_mut().enumerate() {
            if work.is_none() {
                *work = waiting.pop();
                if let Some(k) = *work {
                    let c = &all[k].course;
                    solver.start(lane, c.start, &c.y, c.stops[0].0);
                    p[0] = p[0].with_lane(lane, c.p);
                }
            }
        }
        if at_work.iter().all(Option::is_none) {
            return all.into_iter().map(|progress| progress.seen).collect();
        }
        solver.attempt(&mut system, &p, &NoPast, &mut outcomes);
        for (lane, work) in at_work.iter_mut().enumerate() {
            let Some(k) = *work else {
                assert_eq!(outcomes[lane], Outcome::Idle);
                continue;
            };
            if after(&mut solver, &mut p, lane, outcomes[lane], &mut all[k]) {
                solver.park(lane);
                *work = None;
            }
        }
    }
}

/// Does in one lane what its course asks for; whether it has ended.
fn after<L: Lane>(
    solver: &mut Rodas5P<L>,
    p: &mut [L],
    lane: usize,
    outcome: Outcome,
    progress: &mut Progress,
) -> bool {
    let Outcome::Accepted { from, to } = outcome else {
        assert_eq!(outcome, Outcome::Rejected);
        progress.seen.rejected += 1;
        return false;
    };
    let mut y = vec![0.0; progress.course.y.len()];
    let stop = progress.course.stops[progress.next].0;
    if !progress.retracted && from > progress.course.retract_after {
        progress.retracted = true;
        let middle = 0.5 * (from + to);
        solver.retract(lane, middle);
        assert_eq!(solver.time(lane), from);
        progress.seen.bits.push(middle.to_bits());
        // The stop is restored at the next accepted step, which must end at the middle.
        return false;
    }
    solver.state(lane, &mut y);
    progress
        .seen
        .bits
        .extend([from, to].iter().chain(&y).map(|v| v.to_bits()));
    solver.dense(lane, 0.3 * from + 0.7 * to, &mut y);
    progress.seen.bits.extend(y.iter().map(|v| v.to_bits()));
    if to < stop {
        solver.set_stop(lane, stop);
        return false;
    }
    assert_eq!(to.to_bits(), stop.to_bits());
    let (_, add, add_p) = progress.course.stops[progress.next];
    progress.next += 1;
    if progress.next == progress.course.stops.len() {
        progress.seen.statistics = solver.statistics(lane);
        return true;
    }
    solver.state(lane, &mut y);
    y[0] += add;
    p[0] = p[0].with_lane(lane, p[0].lane(lane) + add_p);
    solver.jump(lane, &y, progress.course.stops[progress.next].0);
    false
}

fn courses(y: &[f64], p: f64) -> Vec<Course> {
    (0..11)
        .map(|k| {
            let k = f64::from(k);
            Course {
                y: y.iter().map(|y| y * (1.0 + 0.03 * k)).collect(),
                p: p * (1.0 + 0.2 * k),
                start: 0.1 * k,
                stops: vec![
                    (1.5 + 0.13 * k, 0.1, 0.05),
                    (1.6 + 0.13 * k, 0.01 * k, 0.0),
                    (4.0 + 0.4 * k, -0.1, 0.1),
                    (9.0, 0.0, 0.0),
                ],
                retract_after: 2.0 + 0.1 * k,
            }
        })
        .collect()
}

fn same_at_every_width<T: Toy>(y: &[f64], p: f64) {
    let control = Control::new(1e-6, vec![1e-9; T::N]);
    let courses = courses(y, p);
    let alone: Vec<Seen> = courses
        .iter()
        .flat_map(|c| run::<T, f64>(std::slice::from_ref(c), &control))
        .collect();
    assert!(alone.iter().all(|seen| seen.statistics.retracted == 1));
    assert!(
        alone
            .iter()
            .all(|seen| seen.rejected == seen.statistics.rejected)
    );
    assert_eq!(
        run::<T, f64>(&courses, &control),
        alone,
        "one lane, one after another"
    );
    assert_eq!(run::<T, Pack<4>>(&courses, &control), alone, "4 lanes");
    assert_eq!(run::<T, Pack<8>>(&courses, &control), alone, "8 lanes");
}

#[test]
fn a_driven_problem_has_the_same_bits_at_every_width() {
    same_at_every_width::<Driven>(&[0.1, 0.9], 3.0);
}

#[test]
fn a_stiff_problem_with_rejections_has_the_same_bits_at_every_width() {
    same_at_every_width::<VanDerPol>(&[2.0, 0.5], 30.0);
}

#[test]
fn kinetics_with_jumps_have_the_same_bits_at_every_width() {
    same_at_every_width::<Robertson>(&[1.0, 0.0, 0.2], 1.0);
    same_at_every_width::<Kaps>(&[1.0, 1.2], 1e-4);
}
