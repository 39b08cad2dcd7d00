//! "I added the third one later": two are joined, and the third waits until they are done.
//!
//! Caught by: asks for all three reports at once

use exam::{Failure, Service};
use tokio::join;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let (sales, stock) = join!(sales.ask(), stock.ask());
    let visits = visits.ask().await;
    (sales, stock, visits)
}
