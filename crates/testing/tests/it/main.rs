//! The claims of the chapter, proven.

mod claims;
mod story;

/// The two files of signals once more, with the locks of shuttle.
mod sync {
    pub(crate) use shuttle::sync::atomic::{AtomicBool, Ordering};
    pub(crate) use shuttle::sync::{Mutex, MutexGuard};
}

#[path = "../../src/signal.rs"]
#[allow(unreachable_pub, reason = "in the library it is public")]
mod signal;

#[path = "../../src/naive/signal.rs"]
#[allow(unreachable_pub, reason = "in the library it is public")]
mod lossy;
