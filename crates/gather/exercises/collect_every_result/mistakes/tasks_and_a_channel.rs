//! "My tasks send me their results, with their numbers": the tasks have no owner, so nothing stops them.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use tokio::sync::mpsc;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let (sender, mut receiver) = mpsc::unbounded_channel();
    for (number, service) in services.iter().enumerate() {
        let (sender, call) = (sender.clone(), service.ask());
        tokio::spawn(async move { sender.send((number, call.await)) });
    }
    drop(sender);
    let mut results = Vec::new();
    while let Some(result) = receiver.recv().await {
        results.push(result);
    }
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
