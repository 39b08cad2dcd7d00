//! Either all steps succeed, or you get the failures. README.md beside this file describes the task.

use exam::Failure;

use super::given::Step;

/// Runs all steps at the same time. Returns their texts in the order of the steps, or the failures of all steps that failed.
///
/// When it returns, every step has ended. `step.run()` makes a future of a step's `Result<String, Failure>`.
pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    todo!()
}
