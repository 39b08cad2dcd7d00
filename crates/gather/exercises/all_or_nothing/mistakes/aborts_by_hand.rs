//! "I abort the others when one fails": if the caller drops this future before, no line aborts them.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use futures::StreamExt;
use futures::stream::FuturesUnordered;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let handles: Vec<_> = services.iter().map(|service| tokio::spawn(service.ask())).collect();
    let aborts: Vec<_> = handles.iter().map(|handle| handle.abort_handle()).collect();
    let numbered = handles.into_iter().enumerate();
    let mut calls: FuturesUnordered<_> = numbered.map(async |(number, handle)| (number, handle.await)).collect();
    let mut answers = vec![String::new(); services.len()];
    while let Some((number, result)) = calls.next().await {
        match result.expect("no service panics") {
            Ok(answer) => answers[number] = answer,
            Err(failure) => {
                aborts.iter().for_each(|abort| abort.abort());
                return Err(failure);
            }
        }
    }
    Ok(answers)
}
