//! "One rule for failures, one for patience": each rule asks the second once.
//!
//! Caught by: asks the second immediately when the first fails early

use std::time::Duration;

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use std::pin::pin;
use tokio::select;
use tokio::time::sleep;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    let mut asked = FuturesUnordered::from_iter([first.ask()]);
    let mut failures = Vec::new();
    let mut patience = pin!(sleep(patience));
    let mut patient = true;
    loop {
        select! {
            result = asked.next() => match result {
                Some(Ok(answer)) => return Ok(answer),
                Some(Err(failure)) => {
                    failures.push(failure);
                    if failures.len() == 1 && asked.is_empty() {
                        asked.push(second.ask());
                    }
                }
                None => return Err(failures),
            },
            () = &mut patience, if patient => {
                patient = false;
                asked.push(second.ask());
            }
        }
    }
}
