//! One file for each part of the chapter.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

mod asyncio;
mod callbacks;
mod calling;
mod handles;
mod keeper;
mod recorded;

/// How long a handshake may take before the test calls it missed; nothing is proven by it.
const LIMIT: Duration = Duration::from_secs(30);

/// How long a wait that should not end is watched. One that holds never ends by then, however long this is.
const WHILE_IT_IS_HELD: Duration = Duration::from_millis(100);

/// Becomes true when it is dropped.
struct Gone(Arc<AtomicBool>);

impl Gone {
    fn new() -> (Self, Arc<AtomicBool>) {
        let gone = Arc::<AtomicBool>::default();
        (Self(Arc::clone(&gone)), gone)
    }
}

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.store(true, Ordering::SeqCst);
    }
}

fn is(flag: &AtomicBool) -> bool {
    flag.load(Ordering::SeqCst)
}

/// The words of the panic that this ends in.
fn panic_of<T>(closure: impl FnOnce() -> T) -> String {
    let panic = catch_unwind(AssertUnwindSafe(closure)).err().expect("this is to panic");
    let words = panic.downcast_ref::<String>().cloned();
    words.or_else(|| panic.downcast_ref::<&str>().map(ToString::to_string)).unwrap()
}
