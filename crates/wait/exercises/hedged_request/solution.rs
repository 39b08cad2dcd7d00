//! One good answer.

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

/// Asks the first service, and also the second if the first is slow or has failed. The first good answer wins.
///
/// # Errors
///
/// Both failures, in the order in which they came.
pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    // `asked` owns the calls, so the loser is dropped when this function returns or is dropped.
    let mut asked = FuturesUnordered::new();
    let mut failures = Vec::new();

    asked.push(first.ask());
    // The timeout only borrows `asked`: after `patience`, the first call goes on beside the second.
    if let Ok(Some(result)) = timeout(patience, asked.next()).await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }

    asked.push(second.ask());
    while let Some(result) = asked.next().await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
