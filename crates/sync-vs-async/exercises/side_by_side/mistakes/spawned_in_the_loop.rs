//! "If I spawn it, it is concurrent": each task is awaited in the line that spawns it.
//!
//! Caught by: asks for all three reports at once

use exam::{Failure, Service};
use tokio::spawn;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let mut reports = Vec::new();
    for service in [sales, stock, visits] {
        reports.push(spawn(service.ask()).await.unwrap());
    }
    let mut reports = reports.into_iter();
    (reports.next().unwrap(), reports.next().unwrap(), reports.next().unwrap())
}
