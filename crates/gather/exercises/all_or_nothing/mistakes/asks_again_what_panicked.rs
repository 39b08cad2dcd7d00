//! "A panic may have been bad luck": the call is made once more, and the caller never learns of the bug.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use tokio::task::JoinSet;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let mut calls = JoinSet::new();
    let count = services.len();
    for (number, service) in services.into_iter().enumerate() {
        calls.spawn(async move {
            let mut inner = JoinSet::new();
            loop {
                inner.spawn(service.ask());
                if let Some(Ok(result)) = inner.join_next().await {
                    return (number, result);
                }
            }
        });
    }
    let mut answers = vec![String::new(); count];
    while let Some(ended) = calls.join_next().await {
        let (number, result) = ended.unwrap();
        answers[number] = result?;
    }
    Ok(answers)
}
