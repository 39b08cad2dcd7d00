//! "Reports without blanks": a report is what the service wrote.
//!
//! Caught by: keeps what is late, what is empty, and blanks

use exam::{Failure, Service};

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let ask = async |service: Service| Ok(service.ask().await?.trim().to_owned());
    tokio::join!(ask(sales), ask(stock), ask(visits))
}
