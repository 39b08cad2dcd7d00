//! "After a failure I look again in a minute": nobody stops that task.
//!
//! Caught by: keeps every result when one service fails

use std::time::Duration;

use exam::{Failure, Service};
use futures::future::join_all;

type R = Result<String, Failure>;

pub async fn collect_every_result(services: Vec<Service>) -> Vec<R> {
    let all: Vec<R> = join_all(services.iter().map(Service::ask)).await;
    if all.iter().any(Result::is_err) {
        tokio::spawn(async {
            tokio::time::sleep(Duration::from_secs(60)).await;
        });
    }
    all
}
