//! "`tokio::spawn` runs it in the background": the tasks go on after the caller has given up.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let spawn = |page: String| {
        let (fetch, parse) = (fetch.clone(), parse.clone());
        tokio::spawn(async move { parse.call(&fetch.call(&page).await?).await })
    };
    let handles: Vec<_> = pages.into_iter().map(spawn).collect();
    let mut results = Vec::new();
    for handle in handles {
        results.push(handle.await.expect("no stage panics"));
    }
    results
}
