//! "Half an hour is enough for a report": the task asks for no limit.
//!
//! Caught by: keeps late and empty reports, and blanks

use exam::{Failure, Service};
use std::time::Duration;
use tokio::time::timeout;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let ask =
        async |service: Service| timeout(Duration::from_mins(30), service.ask()).await.unwrap_or(Ok(String::new()));
    tokio::join!(ask(sales), ask(stock), ask(visits))
}
