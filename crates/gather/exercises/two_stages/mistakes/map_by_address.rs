//! "An address identifies a page": a page that is in the list twice gets one of its texts twice.
//!
//! Caught by: takes a thousand pages at once

use std::collections::HashMap;

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let ways = pages.iter().map(async |page| {
        let way = async { parse.call(&fetch.call(page).await?).await };
        (page.clone(), way.await)
    });
    let by_address: HashMap<_, _> = join_all(ways).await.into_iter().collect();
    pages.iter().map(|page| by_address[page].clone()).collect()
}
