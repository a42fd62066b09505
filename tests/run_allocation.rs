//! The steps of a run allocate nothing. Alone in its binary: the counter sees every thread.

#[path = "simulate/support.rs"]
#[allow(
    dead_code,
    reason = "what the tests of events share, of which this uses a part"
)]
mod support;

use std::alloc::{GlobalAlloc, Layout, System as Heap};
use std::sync::atomic::{AtomicUsize, Ordering};

use insilin::simulate::{Experiment, Options, run_with};

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
fn more_steps_and_more_rows_allocate_no_more() {
    // Stiff and oscillating, with a trigger that is watched in every step and a kink that is landed on.
    let model = "x = 2; y = 0; z = 0; x' = y; y' = 5 * (1 - x^2) * y - x; z' = max(x, 0) - z;
        n = 0; at x > 100: n = n + 1;";
    let work = |rtol: f64, every: f64| {
        let scenario = format!("time = {{ span = [0, 20], every = {every} }}");
        let case = support::Case::new(model, &scenario);
        let experiment = Experiment::new(&case.arm).expect("it compiles").value;
        let options = Options {
            rtol,
            atol: 1e-3 * rtol,
            ..Options::default()
        };
        let before = N_ALLOCATIONS.load(Ordering::Relaxed);
        let run = run_with(&experiment, &case.arm, &[], &options).expect("it runs");
        let after = N_ALLOCATIONS.load(Ordering::Relaxed);
        (run.work.accepted, after - before)
    };
    let (few, allocations) = work(1e-4, 5.0);
    let (many, same) = work(1e-9, 0.5);
    assert!(many > 3 * few, "{few} and {many} steps");
    assert_eq!(allocations, same);
}
