//! A step of the stiff integrator allocates nothing. Alone in its binary: the counter sees every thread.

#[path = "solvers/toys.rs"]
#[allow(dead_code)]
mod toys;

use std::alloc::{GlobalAlloc, Layout, System as Heap};
use std::sync::atomic::{AtomicUsize, Ordering};

use insilin::math::{Lane, Pack};
use insilin::solve::{Control, NoPast, Outcome, Rodas5P};
use toys::{System, VanDerPol};

struct Counting;

static N_ALLOCATIONS: AtomicUsize = AtomicUsize::new(0);

#[expect(
    unsafe_code,
    reason = "counting allocations needs an allocator, and that trait is unsafe"
)]
// SAFETY: every call is handed on unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        N_ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { Heap.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { Heap.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static HEAP: Counting = Counting;

#[test]
fn a_step_allocates_nothing() {
    let mut solver = Rodas5P::<Pack<4>>::new(2, Control::new(1e-6, vec![1e-9; 2]));
    let mut system = System::<VanDerPol, Pack<4>>::new();
    let p = [Pack::from_fn(|lane| 10.0 * (lane as f64 + 1.0))];
    for lane in 0..4 {
        solver.start(lane, 0.0, &[2.0, 0.0], 50.0);
    }
    let mut outcomes = [Outcome::Idle; 4];
    solver.attempt(&mut system, &p, &NoPast, &mut outcomes);
    let before = N_ALLOCATIONS.load(Ordering::Relaxed);
    let mut y = [0.0; 2];
    let mut n_rejected = 0;
    for _ in 0..300 {
        solver.attempt(&mut system, &p, &NoPast, &mut outcomes);
        for (lane, outcome) in outcomes.iter().enumerate() {
            match outcome {
                Outcome::Accepted { from, to } => solver.dense(lane, 0.5 * (from + to), &mut y),
                Outcome::Rejected => n_rejected += 1,
                Outcome::Idle | Outcome::Failed(_) => {}
            }
        }
    }
    assert_eq!(N_ALLOCATIONS.load(Ordering::Relaxed), before);
    assert!(n_rejected > 0, "rejections are part of what is tested");
}
