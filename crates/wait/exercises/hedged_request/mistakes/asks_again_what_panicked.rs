//! "A panic may have been bad luck": you may ask each replica only once.
//!
//! Caught by: passes on that a call panicked, or does without it

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::time::Duration;
use tokio::time::{sleep, timeout};

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    use tokio::task::JoinSet;
    let mut set = JoinSet::new();
    let mut failures = Vec::new();
    set.spawn(first.ask());
    let mut second = Some(second);
    loop {
        let next = if second.is_some() { timeout(patience, set.join_next()).await } else { Ok(set.join_next().await) };
        match next {
            Ok(Some(Ok(Ok(answer)))) => return Ok(answer),
            Ok(Some(Ok(Err(failure)))) => {
                failures.push(failure);
                if let Some(second) = second.take() {
                    set.spawn(second.ask());
                }
            }
            Ok(Some(Err(_))) => {
                set.spawn(first.ask());
            }
            Err(_) => {
                if let Some(second) = second.take() {
                    set.spawn(second.ask());
                }
            }
            Ok(None) => return Err(failures),
        }
    }
}
