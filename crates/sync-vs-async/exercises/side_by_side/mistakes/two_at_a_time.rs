//! "Two at once is concurrent enough": the third report waits, although the task asks for no limit.
//!
//! Caught by: asks for all three reports at once

use exam::{Failure, Service};
use futures::stream::{self, StreamExt};

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let numbered = [sales, stock, visits].into_iter().enumerate();
    let calls = stream::iter(numbered).map(async |(number, service)| (number, service.ask().await));
    let mut reports: Vec<_> = calls.buffer_unordered(2).collect().await;
    reports.sort_by_key(|(number, _)| *number);
    let mut reports = reports.into_iter().map(|(_, report)| report);
    (reports.next().unwrap(), reports.next().unwrap(), reports.next().unwrap())
}
