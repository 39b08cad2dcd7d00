//! "A function that returns ends its tasks": a dropped handle detaches its task.
//!
//! Caught by: returns when every step has ended

use exam::Failure;
use futures::future::try_join_all;

use super::given::Step;

pub async fn all_or_none(steps: Vec<Step>) -> Result<Vec<String>, Vec<Failure>> {
    let tasks = steps.iter().map(|step| {
        let task = tokio::spawn(step.run());
        async { task.await.unwrap() }
    });
    try_join_all(tasks).await.map_err(|failure| vec![failure])
}
