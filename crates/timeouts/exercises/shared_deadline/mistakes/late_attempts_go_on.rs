//! "An attempt that takes too long may still answer, so I keep it": the open attempts become more and more.
//!
//! Caught by: gives up an attempt that says nothing

use exam::{Failure, Service};
use futures::stream::{FuturesUnordered, StreamExt};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let mut calls = FuturesUnordered::new();
    let attempts = async {
        loop {
            calls.push(service.ask());
            match timeout(limits.each, calls.next()).await {
                Ok(Some(Ok(answer))) => return answer,
                Ok(Some(Err(failure))) => last = Some(failure),
                Ok(None) | Err(_) => {}
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
