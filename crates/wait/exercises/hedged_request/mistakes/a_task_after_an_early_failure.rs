//! "The second call is a task": it keeps running when the caller gives up.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::time::Duration;
use tokio::time::{sleep, timeout};

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut call = Box::pin(first.ask());
    let mut failures = Vec::new();
    match timeout(patience, &mut call).await {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(failure)) => {
            failures.push(failure);
            return match tokio::spawn(second.ask()).await.unwrap() {
                Ok(a) => Ok(a),
                Err(f) => {
                    failures.push(f);
                    Err(failures)
                }
            };
        }
        Err(_) => {}
    }
    let mut asked = FuturesUnordered::new();
    asked.push(futures::future::Either::Left(call));
    asked.push(futures::future::Either::Right(second.ask()));
    while let Some(result) = asked.next().await {
        match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        }
    }
    Err(failures)
}
