//! "In a task of its own, nothing can disturb the request": it also goes on when the caller gives up.
//!
//! Caught by: stops everything when its caller gives up

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::time::timeout;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let whole = tokio::spawn(async move {
        let mut failures = Vec::new();
        let mut asked = FuturesUnordered::from_iter([first.ask()]);
        match timeout(patience, asked.next()).await {
            Ok(Some(Ok(answer))) => return Ok(answer),
            Ok(Some(Err(failure))) => failures.push(failure),
            _ => {}
        }
        asked.push(second.ask());
        while let Some(result) = asked.next().await {
            match result {
                Ok(answer) => return Ok(answer),
                Err(failure) => failures.push(failure),
            }
        }
        Err(failures)
    });
    whole.await.unwrap()
}
