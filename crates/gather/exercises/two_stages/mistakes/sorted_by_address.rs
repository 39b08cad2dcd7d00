//! "A `BTreeMap` keeps them in order": it sorts them by the alphabet.
//!
//! Caught by: returns the results in the order of the pages

use std::collections::BTreeMap;

use exam::{Failure, Service};
use futures::stream::{FuturesUnordered, StreamExt};

pub async fn two_stages(pages: Vec<String>, fetch: Service, parse: Service) -> Vec<Result<String, Failure>> {
    let ways: FuturesUnordered<_> = pages
        .iter()
        .map(async |page| {
            let way = async { parse.call(&fetch.call(page).await?).await };
            (page.clone(), way.await)
        })
        .collect();
    let by_address: BTreeMap<_, _> = ways.collect().await;
    by_address.into_values().collect()
}
