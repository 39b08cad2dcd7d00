//! "The blanks do not matter": the task asks for each report unchanged.
//!
//! Caught by: keeps late and empty reports, and blanks

use exam::{Failure, Service};

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let ask = async |service: Service| Ok(service.ask().await?.trim().to_owned());
    tokio::join!(ask(sales), ask(stock), ask(visits))
}
