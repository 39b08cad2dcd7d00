//! "Sales, stock, visits: I sort by name": the names can be others.
//!
//! Caught by: returns each report in its place

use std::collections::BTreeMap;

use exam::{Failure, Service};
use tokio::task::JoinSet;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let tasks: JoinSet<_> = [sales, stock, visits]
        .map(|service| async move { (service.name().to_owned(), service.ask().await) })
        .into_iter()
        .collect();
    let by_name: BTreeMap<_, _> = tasks.join_all().await.into_iter().collect();
    let mut reports = by_name.into_values();
    let mut next = || reports.next().expect("there are three");
    (next(), next(), next())
}
