//! "Parsing is slow, so I spawn that": it still fetches the pages one by one.
//!
//! Caught by: fetches all pages at once

use exam::{Failure, Service};

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let mut parsing = Vec::new();
    for page in pages {
        let text = fetch.call(&page).await;
        let parse = parse.clone();
        parsing.push(tokio::spawn(async move { parse.call(&text?).await }));
    }
    let mut results = Vec::new();
    for handle in parsing {
        results.push(handle.await.unwrap());
    }
    results
}
