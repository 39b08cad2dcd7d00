//! "I abort when a step fails": nothing aborts them when the caller drops this future.
//!
//! Caught by: stops everything when its caller gives up

use std::collections::BTreeMap;
use std::panic::resume_unwind;

use exam::Failure;
use futures::stream::{FuturesUnordered, StreamExt};

use super::given::Step;

pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    let (mut aborts, mut tasks) = (Vec::new(), FuturesUnordered::new());
    for (number, step) in steps.iter().enumerate() {
        let task = tokio::spawn(step.run());
        aborts.push(task.abort_handle());
        tasks.push(async move { task.await.map(|ended| (number, ended)) });
    }
    let (mut texts, mut failures, mut panic) = (BTreeMap::new(), Vec::new(), None);
    while let Some(ended) = tasks.next().await {
        match ended.map_err(|error| error.try_into_panic()) {
            Ok((number, Ok(text))) => _ = texts.insert(number, text),
            Ok((_, Err(failure))) => {
                failures.push(failure);
                aborts.iter().for_each(|task| task.abort());
            }
            Err(Ok(payload)) => {
                panic = Some(payload);
                aborts.iter().for_each(|task| task.abort());
            }
            Err(Err(_stopped)) => {}
        }
    }
    if let Some(panic) = panic {
        resume_unwind(panic);
    }
    if failures.is_empty() { Ok(texts.into_values().collect()) } else { Err(failures) }
}
