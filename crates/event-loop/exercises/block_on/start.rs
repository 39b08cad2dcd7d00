//! Runs a future on this thread. README.md beside this file describes the task.

/// Runs a future to its end on this thread, and returns its output. The thread is parked until something wakes the future.
pub fn block_on<T>(future: impl Future<Output = T>) -> T {
    todo!()
}
