//! A test that catches each fault. README.md beside this file describes the task.

use super::given::Subject;

/// Panics if a version of `ask_all` has a fault. Runs on the paused clock.
pub async fn test(subject: Subject) {
    todo!()
}
