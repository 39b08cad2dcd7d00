//! "The first failure is enough": a failure at the same instant is lost.
//!
//! Caught by: reports every failure

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
    let mut texts = BTreeMap::new();
    while let Some(ended) = tasks.join_next().await {
        match ended.map_err(|error| error.into_panic()) {
            Ok((number, Ok(text))) => _ = texts.insert(number, text),
            Ok((_, Err(failure))) => {
                tasks.shutdown().await;
                return Err(vec![failure]);
            }
            Err(panic) => {
                tasks.shutdown().await;
                resume_unwind(panic);
            }
        }
    }
    Ok(texts.into_values().collect())
}
