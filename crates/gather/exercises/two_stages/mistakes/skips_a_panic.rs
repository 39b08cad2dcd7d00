//! "A task that panicked has no result, so I return none": its page is missing, and all later pages move up.
//!
//! Caught by: passes on that a call panicked

use exam::{Failure, Service};
use tokio::task::JoinSet;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let mut tasks = JoinSet::new();
    for (number, page) in pages.into_iter().enumerate() {
        let (fetch, parse) = (fetch.clone(), parse.clone());
        let way = async move { parse.call(&fetch.call(&page).await?).await };
        tasks.spawn(async move { (number, way.await) });
    }
    let mut results = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        results.extend(ended.ok());
    }
    results.sort_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}
