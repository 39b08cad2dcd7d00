//! One good answer.

use exam::{Failure, Service};
use futures::stream::{FuturesUnordered, TryStreamExt};

/// Asks all services at once. Returns their answers in the order of the services, or the first failure as soon as it comes.
///
/// When it returns, nothing that it started still runs.
pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let calls: FuturesUnordered<_> =
        services.iter().enumerate().map(async |(number, service)| Ok((number, service.ask().await?))).collect();
    // At the first failure this returns, and drops the calls that still run.
    let mut answers: Vec<(usize, String)> = calls.try_collect().await?;
    answers.sort_unstable_by_key(|(number, _)| *number);
    Ok(answers.into_iter().map(|(_, answer)| answer).collect())
}
