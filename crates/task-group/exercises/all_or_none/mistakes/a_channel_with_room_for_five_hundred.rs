//! "The channel has room for five hundred results": while nobody reads, a thousand steps can fail.
//!
//! Caught by: reports hundreds of failures at the same instant

use std::collections::BTreeMap;
use std::panic::resume_unwind;

use exam::Failure;
use tokio::sync::mpsc;
use tokio::task::{JoinError, JoinSet};

use super::given::Step;

/// Runs all steps at the same time. Returns their texts in the order of the steps, or the failures of all steps that failed.
///
/// When it returns, every step has ended.
pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    let mut tasks = JoinSet::new();
    let (results, mut inbox) = mpsc::channel(500);
    for (number, step) in steps.iter().enumerate() {
        let (run, results) = (step.run(), results.clone());
        tasks.spawn(async move {
            _ = results.try_send((number, run.await));
        });
    }
    let (mut texts, mut failures, mut panic) = (BTreeMap::new(), Vec::new(), None);
    while let Some(ended) = tasks.join_next().await {
        if let Err(Ok(payload)) = ended.map_err(JoinError::try_into_panic) {
            panic = Some(payload);
            tasks.abort_all();
        }
        while let Ok((number, result)) = inbox.try_recv() {
            match result {
                Ok(text) => _ = texts.insert(number, text),
                Err(failure) => {
                    failures.push(failure);
                    tasks.abort_all();
                }
            }
        }
    }
    if let Some(panic) = panic {
        resume_unwind(panic);
    }
    if failures.is_empty() { Ok(texts.into_values().collect()) } else { Err(failures) }
}
