//! "While I await the first handle, the others own their tasks": after that, they are awaited as tasks without an owner.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use tokio_util::task::AbortOnDropHandle;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<Result<String, Failure>> {
    let mut handles: Vec<_> =
        services.into_iter().map(|service| AbortOnDropHandle::new(tokio::spawn(service.ask()))).collect();
    let mut results = Vec::new();
    if handles.is_empty() {
        return results;
    }
    results.push(handles.remove(0).await.unwrap());
    for handle in handles.into_iter().map(AbortOnDropHandle::detach).collect::<Vec<_>>() {
        results.push(handle.await.unwrap());
    }
    results
}
