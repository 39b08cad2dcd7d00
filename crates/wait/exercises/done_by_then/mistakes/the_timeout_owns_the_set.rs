//! "What is done stays done": `join_all` owns the set and the results, and the timeout drops both.
//!
//! Caught by: returns the answers that came before the limit

use std::time::Duration;

use exam::{Failure, Service};
use tokio::task::JoinSet;
use tokio::time::timeout;

type Answer = Result<String, Failure>;

pub async fn done_by_then(services: Vec<Service>, limit: Duration) -> (Vec<Answer>, JoinSet<Answer>) {
    let calls: JoinSet<_> = services.iter().map(Service::ask).collect();
    let done = timeout(limit, calls.join_all()).await.unwrap_or_default();
    (done, JoinSet::new())
}
