//! "After the abort, the runtime needs a few turns": with many tasks, it needs many.
//!
//! Caught by: returns when every step has ended

use std::collections::BTreeMap;
use std::panic::resume_unwind;

use exam::Failure;
use tokio::task::{JoinError, JoinSet, yield_now};

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
                for _ in 0..10 {
                    yield_now().await;
                }
                while let Some(ended) = tasks.try_join_next() {
                    match ended.map_err(JoinError::try_into_panic) {
                        Ok((_, Err(failure))) => failures.push(failure),
                        Err(Ok(payload)) => panic = Some(payload),
                        _ => {}
                    }
                }
                break;
            }
            Err(Ok(payload)) => {
                panic = Some(payload);
                tasks.abort_all();
            }
            Err(Err(_stopped)) => {}
        }
    }
    if let Some(panic) = panic {
        resume_unwind(panic);
    }
    if failures.is_empty() { Ok(texts.into_values().collect()) } else { Err(failures) }
}
