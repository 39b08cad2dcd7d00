//! "`join!` makes the code inside it concurrent": it polls its arguments in turns, and here it has only one.
//!
//! Caught by: asks for all three reports at once

use exam::{Failure, Service};
use tokio::join;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let (reports,) = join!(async { (sales.ask().await, stock.ask().await, visits.ask().await) });
    reports
}
