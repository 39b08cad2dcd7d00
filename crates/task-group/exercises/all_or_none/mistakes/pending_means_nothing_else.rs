//! "`now_or_never` takes every failure that is there": after 128 operations in a row, Tokio returns `Pending` to let other tasks run.
//!
//! Caught by: reports hundreds of failures at the same instant

use std::collections::BTreeMap;

use exam::Failure;
use futures::stream::FuturesUnordered;
use futures::{FutureExt, StreamExt};

use super::given::Step;

/// Runs all steps at once and returns their texts in the order of the steps, or the failures of all that failed.
///
/// When it returns, every step has ended.
pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    let mut run: FuturesUnordered<_> = steps
        .iter()
        .enumerate()
        .map(|(number, step)| {
            let run = step.run();
            async move { (number, run.await) }
        })
        .collect();
    let mut done = BTreeMap::new();
    while let Some((number, ended)) = run.next().await {
        match ended {
            Ok(text) => _ = done.insert(number, text),
            Err(failure) => {
                let mut failures = vec![failure];
                while let Some(Some((_, ended))) = run.next().now_or_never() {
                    failures.extend(ended.err());
                }
                return Err(failures);
            }
        }
    }
    Ok(done.into_values().collect())
}
