//! "The results come in the order in which I spawned the tasks": they come in the order in which the steps end.
//!
//! Caught by: returns the texts in the order of the steps

use std::panic::resume_unwind;

use exam::Failure;
use tokio::task::JoinSet;

use super::given::Step;

pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    let mut tasks = JoinSet::new();
    for step in &steps {
        tasks.spawn(step.run());
    }
    let (mut texts, mut failures, mut panic) = (Vec::new(), Vec::new(), None);
    while let Some(ended) = tasks.join_next().await {
        match ended.map_err(|error| error.try_into_panic()) {
            Ok(Ok(text)) => texts.push(text),
            Ok(Err(failure)) => {
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
    if failures.is_empty() { Ok(texts) } else { Err(failures) }
}
