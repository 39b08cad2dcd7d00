//! "An `Err` of `join_next` is a step that I stopped": the step may have panicked.
//!
//! Caught by: passes on that a step panicked, when all have ended

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
        match ended {
            Ok((number, Ok(text))) => _ = texts.insert(number, text),
            Ok((_, Err(failure))) => {
                failures.push(failure);
                tasks.abort_all();
            }
            Err(_stopped) => {}
        }
    }
    if failures.is_empty() { Ok(texts.into_values().collect()) } else { Err(failures) }
}
