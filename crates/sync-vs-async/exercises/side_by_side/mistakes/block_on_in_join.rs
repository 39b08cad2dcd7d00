//! "`block_on` gets me the value": inside a task it keeps the thread, and the clock cannot advance.
//!
//! Caught by: asks for all three reports at once

use exam::{Failure, Service};
use futures::executor::block_on;
use tokio::join;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    join!(async { block_on(sales.ask()) }, async { block_on(stock.ask()) }, async { block_on(visits.ask()) })
}
