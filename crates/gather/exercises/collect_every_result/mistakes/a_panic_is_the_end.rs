//! "`while let Some(Ok(..))` takes every result": it ends at a panic, and the calls that still run are aborted.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use tokio::task::JoinSet;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let mut requests = JoinSet::new();
    for (number, service) in services.into_iter().enumerate() {
        requests.spawn(async move { (number, service.ask().await) });
    }
    let mut results = Vec::new();
    while let Some(Ok(result)) = requests.join_next().await {
        results.push(result);
    }
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
