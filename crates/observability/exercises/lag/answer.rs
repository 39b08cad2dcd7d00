//! A monitor of the lag: README.md beside this file says what is wanted.

use std::time::Duration;

use super::given::{Program, Seen};

/// Runs the program to its end, looks every `every`, and returns the program's output and what the looks have seen.
pub async fn watch(program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    todo!()
}
