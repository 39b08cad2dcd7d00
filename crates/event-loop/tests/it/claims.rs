//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod asyncio;
mod ending;
mod measuring;
mod other_futures;
mod recorded;
mod step_by_step;
mod steps;
mod timers;
mod tokios_order;

use std::cell::{Cell, RefCell};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::rc::Rc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use event_loop::{JoinError, Step, block_on, block_on_watched, in_turns, naive, sleep, spawn, yield_now};

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Our loop needs no runtime, so its claims are proven on a thread of their own; one that hangs is a failure after half a minute.
#[track_caller]
fn proven<T: Send + 'static>(claim: impl FnOnce() -> T + Send + 'static) -> T {
    let (ended, end) = mpsc::channel();
    let thread = thread::spawn(move || {
        let output = claim();
        // The test does not wait any more if it has given up.
        let _ = ended.send(());
        output
    });
    let end = end.recv_timeout(Duration::from_secs(30));
    assert!(end != Err(mpsc::RecvTimeoutError::Timeout), "the loop hangs");
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}

/// A list to which several tasks of one loop write.
#[derive(Clone, Default)]
struct Log(Rc<RefCell<Vec<String>>>);

impl Log {
    fn says(&self, line: impl Into<String>) {
        self.0.borrow_mut().push(line.into());
    }

    fn lines(&self) -> Vec<String> {
        self.0.borrow().clone()
    }
}

/// What a panic says.
fn words_of(call: impl FnOnce()) -> String {
    let panic = catch_unwind(AssertUnwindSafe(call)).unwrap_err();
    let words = panic.downcast_ref::<&str>().map(ToString::to_string);
    words.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap()
}
