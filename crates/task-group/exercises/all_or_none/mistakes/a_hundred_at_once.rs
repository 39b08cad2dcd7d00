//! "A hundred tasks at the same time are enough": the steps after them wait until one has ended.
//!
//! Caught by: runs a thousand steps at once

use std::collections::BTreeMap;
use std::panic::resume_unwind;

use exam::Failure;
use tokio::task::{JoinError, JoinSet};

use super::given::Step;

pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    let mut tasks = JoinSet::new();
    let mut waiting = steps.iter().enumerate();
    let (mut texts, mut failures, mut panic) = (BTreeMap::new(), Vec::new(), None);
    loop {
        while tasks.len() < 100 && failures.is_empty() && panic.is_none() {
            let Some((number, step)) = waiting.next() else { break };
            let run = step.run();
            tasks.spawn(async move { (number, run.await) });
        }
        let Some(ended) = tasks.join_next().await else { break };
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
        resume_unwind(panic);
    }
    if failures.is_empty() { Ok(texts.into_values().collect()) } else { Err(failures) }
}
