//! "A `JoinSet` keeps the order": it returns what finishes first.
//!
//! Caught by: returns each report in its place

use exam::{Failure, Service};
use tokio::task::JoinSet;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let mut reports = JoinSet::new();
    for service in [sales, stock, visits] {
        reports.spawn(service.ask());
    }
    let mut reports = reports.join_all().await.into_iter();
    (reports.next().unwrap(), reports.next().unwrap(), reports.next().unwrap())
}
