//! "A task that did not end well has panicked": an aborted task also returns a `JoinError`.
//!
//! Caught by: reports no failure for a step that was stopped

use std::collections::BTreeMap;

use exam::Failure;
use tokio::task::JoinSet;

use super::given::Step;

pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    let mut tasks = JoinSet::new();
    for (number, step) in steps.iter().enumerate() {
        let run = step.run();
        tasks.spawn(async move { (number, run.await) });
    }
    let (mut texts, mut failures) = (BTreeMap::new(), Vec::new());
    while let Some(ended) = tasks.join_next().await {
        match ended.expect("no step panics") {
            (number, Ok(text)) => _ = texts.insert(number, text),
            (_, Err(failure)) => {
                failures.push(failure);
                tasks.abort_all();
            }
        }
    }
    if failures.is_empty() { Ok(texts.into_values().collect()) } else { Err(failures) }
}
