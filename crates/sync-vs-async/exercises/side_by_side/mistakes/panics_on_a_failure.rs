//! "It worked when I tried it": `unwrap` turns a failure of a service into a bug of the caller.
//!
//! Caught by: keeps the others when reports fail

use exam::{Failure, Service};
use tokio::join;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let (sales, stock, visits) = join!(sales.ask(), stock.ask(), visits.ask());
    (Ok(sales.unwrap()), Ok(stock.unwrap()), Ok(visits.unwrap()))
}
