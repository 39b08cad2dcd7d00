//! "Sooner or later one of them will answer": when both have failed, it starts again, for ever.
//!
//! Caught by: returns both failures in the order in which they came

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    loop {
        let mut asked = FuturesUnordered::from_iter([first.ask()]);
        if let Ok(Some(Ok(answer))) = timeout(patience, asked.next()).await {
            return Ok(answer);
        }
        asked.push(second.ask());
        while let Some(result) = asked.next().await {
            if let Ok(answer) = result {
                return Ok(answer);
            }
        }
    }
}
