//! "I panic with the text of the panic": it is another panic, and what the first one carried is lost.
//!
//! Caught by: passes on that a step panicked, when all have ended

use std::collections::BTreeMap;

use exam::Failure;
use tokio::task::{JoinError, JoinSet};

use super::given::Step;

/// Runs all steps at the same time. Returns their texts in the order of the steps, or the failures of all steps that failed.
///
/// When it returns, every step has ended.
pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    let mut tasks = JoinSet::new();
    for (number, step) in steps.iter().enumerate() {
        let run = step.run();
        tasks.spawn(async move { (number, run.await) });
    }
    let (mut texts, mut failures, mut panic) = (BTreeMap::new(), Vec::new(), None);
    // After `abort_all`, this loop goes on until every task has ended.
    while let Some(ended) = tasks.join_next().await {
        match ended.map_err(JoinError::try_into_panic) {
            Ok((number, Ok(text))) => _ = texts.insert(number, text),
            Ok((_, Err(failure))) => {
                failures.push(failure);
                tasks.abort_all();
            }
            Err(Ok(payload)) => {
                panic = Some(payload);
                tasks.abort_all();
            }
            Err(Err(_stopped)) => {}
        }
    }
    if let Some(panic) = panic {
        let text = panic.downcast_ref::<String>().map_or("a step panicked", String::as_str);
        panic!("{text}");
    }
    if failures.is_empty() { Ok(texts.into_values().collect()) } else { Err(failures) }
}
