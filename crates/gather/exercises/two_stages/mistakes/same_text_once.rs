//! "The same text parses the same way, so once is enough": one page gets the failure of another, and is never parsed.
//!
//! Caught by: takes a thousand pages at once

use std::collections::HashMap;
use std::sync::Arc;

use exam::{Failure, Service};
use futures::future::join_all;
use tokio::sync::{Mutex, OnceCell};

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    type Parsed = Arc<OnceCell<Result<String, Failure>>>;
    let parsed: Mutex<HashMap<String, Parsed>> = Mutex::default();
    join_all(pages.into_iter().map(async |page| {
        let text = fetch.call(&page).await?;
        let cell = Arc::clone(parsed.lock().await.entry(text.clone()).or_default());
        cell.get_or_init(|| parse.call(&text)).await.clone()
    }))
    .await
}
