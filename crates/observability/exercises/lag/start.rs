//! A monitor that measures how late the loop is. README.md beside this file describes the task.

use std::time::Duration;

use super::given::{Program, Seen};

/// Runs the program to its end, with a look after each `every`. Returns the program's output and what the looks found.
pub async fn watch(program: Program, every: Duration, limit: Duration) -> (u32, Seen) {
    todo!()
}
