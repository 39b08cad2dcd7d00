//! "A task of its own makes it concurrent": it runs beside other tasks, but inside it the three reports still run one after another.
//!
//! Caught by: asks for all three reports at once

use exam::{Failure, Service};
use tokio::spawn;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let all = spawn(async move { (sales.ask().await, stock.ask().await, visits.ask().await) });
    all.await.unwrap()
}
