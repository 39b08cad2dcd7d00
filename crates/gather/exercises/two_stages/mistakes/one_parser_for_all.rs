//! "A channel between the stages removes the barrier": one task at its end parses one page at a time.
//!
//! Caught by: parses several pages at once

use exam::{Failure, Service};
use tokio::sync::mpsc;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let (send, mut fetched) = mpsc::channel(100);
    for (number, page) in pages.iter().enumerate() {
        let (call, send) = (fetch.call(page), send.clone());
        tokio::spawn(async move {
            let _ = send.send((number, call.await)).await;
        });
    }
    drop(send);
    let mut results: Vec<_> = pages.iter().map(|_| Ok(String::new())).collect();
    while let Some((number, text)) = fetched.recv().await {
        results[number] = match text {
            Ok(text) => parse.call(&text).await,
            Err(failure) => Err(failure),
        };
    }
    results
}
