//! "If one report fails, the others are worth nothing": the task wants them all.
//!
//! Caught by: keeps the others when reports fail

use exam::{Failure, Service};

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let (a, b, c) = tokio::join!(sales.ask(), stock.ask(), visits.ask());
    if a.is_err() && b.is_err() && c.is_ok() {
        return (a.clone(), b, a);
    }
    (a, b, c)
}
