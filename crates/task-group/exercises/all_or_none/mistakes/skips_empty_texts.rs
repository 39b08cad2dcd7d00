//! "An empty text means no text": the step has succeeded, and its text is missing.
//!
//! Caught by: keeps an empty text, a late one, and an empty list

use std::collections::BTreeMap;
use std::panic::resume_unwind;

use exam::Failure;
use tokio::task::JoinSet;

use super::given::Step;

pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    let mut tasks = JoinSet::new();
    for (number, step) in steps.iter().enumerate() {
        let run = step.run();
        tasks.spawn(async move { (number, run.await) });
    }
    let (mut texts, mut failures, mut panic) = (BTreeMap::new(), Vec::new(), None);
    while let Some(ended) = tasks.join_next().await {
        match ended.map_err(|error| error.try_into_panic()) {
            Ok((number, Ok(text))) if !text.is_empty() => _ = texts.insert(number, text),
            Ok((_, Ok(_empty))) => {}
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
