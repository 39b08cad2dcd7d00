//! One file for each part of the chapter.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

mod asyncio;
mod blocking_client;
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

/// A value whose drop takes a while, so that whoever does not wait for it returns meanwhile.
struct Slow {
    returned: Arc<AtomicBool>,
    dropped: Arc<AtomicBool>,
}

/// What a slow drop saw.
struct Seen {
    /// To be set when what should wait for the drop has returned.
    returned: Arc<AtomicBool>,
    dropped: Arc<AtomicBool>,
}

impl Slow {
    fn new() -> (Self, Seen) {
        let (returned, dropped) = <(Arc<AtomicBool>, Arc<AtomicBool>)>::default();
        let seen = Seen { returned: Arc::clone(&returned), dropped: Arc::clone(&dropped) };
        (Self { returned, dropped }, seen)
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        let looks = (0..50).take_while(|_| !is(&self.returned));
        looks.for_each(|_| std::thread::sleep(Duration::from_millis(1)));
        self.dropped.store(!is(&self.returned), Ordering::SeqCst);
    }
}

impl Seen {
    /// Whether the drop was over before the call that returned now.
    fn was_waited_for(&self) -> bool {
        self.returned.store(true, Ordering::SeqCst);
        is(&self.dropped)
    }
}

/// Waits until the flag is set; whether it is, after a while.
fn becomes(flag: &AtomicBool) -> bool {
    let since = Instant::now();
    while !is(flag) && since.elapsed() < LIMIT {
        std::thread::yield_now();
    }
    is(flag)
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
