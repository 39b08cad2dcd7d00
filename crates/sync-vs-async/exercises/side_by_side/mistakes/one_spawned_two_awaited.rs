//! "One of them runs in the background": the other two still run one after another.
//!
//! Caught by: asks for all three reports at once

use exam::{Failure, Service};
use tokio::spawn;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let sales = spawn(sales.ask());
    let stock = stock.ask().await;
    let visits = visits.ask().await;
    (sales.await.unwrap(), stock, visits)
}
