//! Runs a future on this thread: README.md beside this file says what is wanted.

/// Runs a future to its end on this thread, which is parked while nothing wakes the future. Returns what the future returns.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    todo!()
}
