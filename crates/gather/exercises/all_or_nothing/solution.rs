//! One good answer.

use exam::{Failure, Service};
use futures::stream::{FuturesUnordered, TryStreamExt};

/// Asks all services at once and returns their answers in the order of the services, or the first failure as soon as it is there.
///
/// When it returns, nothing of it runs on.
pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let calls: FuturesUnordered<_> =
        services.iter().enumerate().map(async |(number, service)| Ok((number, service.ask().await?))).collect();
    // At the first failure this returns, and the calls that still run are dropped with it.
    let mut answers: Vec<(usize, String)> = calls.try_collect().await?;
    answers.sort_unstable_by_key(|(number, _)| *number);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}
