//! "A task tells me when patience is over": it goes on after a quick answer.
//!
//! Caught by: leaves nothing running after a quick answer

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::select;
use tokio::sync::oneshot;
use tokio::time::sleep;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let (out_of_patience, over) = oneshot::channel();
    tokio::spawn(async move {
        sleep(patience).await;
        let _ = out_of_patience.send(());
    });
    let mut failures = Vec::new();
    let mut asked = FuturesUnordered::from_iter([first.ask()]);
    select! {
        Some(result) = asked.next() => match result {
            Ok(answer) => return Ok(answer),
            Err(failure) => failures.push(failure),
        },
        _ = over => {}
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
