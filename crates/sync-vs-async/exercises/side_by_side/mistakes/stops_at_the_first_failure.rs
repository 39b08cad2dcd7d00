//! "`try_join!` is `join!` for results": it drops the others at the first `Err`.
//!
//! Caught by: keeps the others when reports fail

use exam::{Failure, Service};
use tokio::try_join;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    match try_join!(sales.ask(), stock.ask(), visits.ask()) {
        Ok((sales, stock, visits)) => (Ok(sales), Ok(stock), Ok(visits)),
        Err(failure) => (Err(failure.clone()), Err(failure.clone()), Err(failure)),
    }
}
