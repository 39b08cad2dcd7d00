//! "`abort` ends the tasks": it only asks, and they end when the runtime gets to them.
//!
//! Caught by: returns when every step has ended

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
    let mut texts = BTreeMap::new();
    while let Some(ended) = tasks.join_next().await {
        match ended.unwrap() {
            (number, Ok(text)) => _ = texts.insert(number, text),
            (_, Err(failure)) => {
                tasks.abort_all();
                return Err(vec![failure]);
            }
        }
    }
    Ok(texts.into_values().collect())
}
