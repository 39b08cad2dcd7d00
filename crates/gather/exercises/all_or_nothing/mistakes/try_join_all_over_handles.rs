//! "`try_join_all` drops the rest, so it stops them": it drops handles, and a task without a handle keeps running.
//!
//! Caught by: leaves nothing running after a failure

use exam::{Failure, Service};
use futures::future::try_join_all;

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let handles = services.iter().map(|service| {
        let handle = tokio::spawn(service.ask());
        async { handle.await.expect("no service panics") }
    });
    try_join_all(handles).await
}
