//! "`pop` returns them in order": it takes them from the end, so the first report comes last.
//!
//! Caught by: returns each report in its place

use exam::{Failure, Service};
use futures::future::join_all;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let mut reports = join_all([sales.ask(), stock.ask(), visits.ask()]).await;
    (reports.pop().unwrap(), reports.pop().unwrap(), reports.pop().unwrap())
}
