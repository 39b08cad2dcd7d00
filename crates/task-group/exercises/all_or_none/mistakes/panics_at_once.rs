//! "A panic ends everything": it drops the set, and a drop does not wait.
//!
//! Caught by: passes on that a step panicked, when all have ended

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
    let (mut texts, mut failures) = (BTreeMap::new(), Vec::new());
    while let Some(ended) = tasks.join_next().await {
        match ended.map_err(|error| error.try_into_panic()) {
            Ok((number, Ok(text))) => _ = texts.insert(number, text),
            Ok((_, Err(failure))) => {
                failures.push(failure);
                tasks.abort_all();
            }
            Err(Ok(panic)) => resume_unwind(panic),
            Err(Err(_stopped)) => {}
        }
    }
    if failures.is_empty() { Ok(texts.into_values().collect()) } else { Err(failures) }
}
