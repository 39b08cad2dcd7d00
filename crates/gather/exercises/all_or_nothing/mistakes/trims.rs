//! "The blanks do not matter": the task asks for each answer unchanged.
//!
//! Caught by: keeps an empty answer, a late one, and those of replicas

use exam::{Failure, Service};
use futures::stream::{FuturesUnordered, TryStreamExt};

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let calls: FuturesUnordered<_> =
        services.iter().enumerate().map(async |(number, service)| Ok((number, service.ask().await?))).collect();
    let mut answers: Vec<(usize, String)> = calls.try_collect().await?;
    answers.sort_unstable_by_key(|(number, _)| *number);
    Ok(answers.into_iter().map(|(_, answer)| answer.trim().to_owned()).collect())
}
