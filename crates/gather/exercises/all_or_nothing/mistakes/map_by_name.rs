//! "Services have names, and a map restores the order": two replicas have the same name, so one answer is lost.
//!
//! Caught by: keeps an empty answer, a late one, and those of replicas

use std::collections::HashMap;

use exam::{Failure, Service};
use futures::stream::{FuturesUnordered, TryStreamExt};

pub async fn all_or_nothing(services: Vec<Service>) -> Result<Vec<String>, Failure> {
    let calls: FuturesUnordered<_> =
        services.iter().map(async |service| Ok((service.name(), service.ask().await?))).collect();
    let by_name: HashMap<_, _> = calls.try_collect().await?;
    Ok(services.iter().map(|service| by_name[service.name()].clone()).collect())
}
