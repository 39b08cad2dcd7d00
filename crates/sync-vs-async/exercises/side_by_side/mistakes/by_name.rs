//! "A name tells a report": two services can have the same one.
//!
//! Caught by: returns each report in its place

use exam::{Failure, Service};
use tokio::join;

type Report = Result<String, Failure>;

/// Asks for all three reports at once and returns them, good or bad, each in its place.
pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    use std::collections::HashMap;
    let mut set = tokio::task::JoinSet::new();
    let names = [&sales, &stock, &visits].map(|service| service.name().to_owned());
    for service in [sales, stock, visits] {
        set.spawn(async move { (service.name().to_owned(), service.ask().await) });
    }
    let all: HashMap<String, Report> = set.join_all().await.into_iter().collect();
    let [a, b, c] = names.map(|name| all[&name].clone());
    (a, b, c)
}
