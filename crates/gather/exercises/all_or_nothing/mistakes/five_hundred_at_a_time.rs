//! "Five hundred at a time are enough": the next service waits for its turn.
//!
//! Caught by: does the same with a thousand services

use exam::{Failure, Service};
use futures::stream::{self, StreamExt, TryStreamExt};

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let numbered = stream::iter(services.into_iter().enumerate());
    let calls = numbered.map(|(number, service)| async move { Ok((number, service.ask().await?)) });
    let mut answers: Vec<(usize, String)> = calls.buffer_unordered(500).try_collect().await?;
    answers.sort_unstable();
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}
