//! "The first failure comes first": each failure belongs in its own place.
//!
//! Caught by: keeps the others when reports fail

use exam::{Failure, Service};

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let (a, b, c) = tokio::join!(sales.ask(), stock.ask(), visits.ask());
    match (a.is_err(), b.is_err(), c.is_err()) {
        (false, false, true) => (a, c, b),
        _ => (a, b, c),
    }
}
