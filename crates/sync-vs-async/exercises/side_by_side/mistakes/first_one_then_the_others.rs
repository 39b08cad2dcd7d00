//! "I use `select!` for the first, and then await the other two": from then on it polls only one of them.
//!
//! Caught by: polls the others after one report has come

use std::pin::pin;

use exam::{Failure, Service};

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let (mut sales, mut stock, mut visits) = (pin!(sales.ask()), pin!(stock.ask()), pin!(visits.ask()));
    tokio::select! {
        report = &mut sales => (report, stock.await, visits.await),
        report = &mut stock => (sales.await, report, visits.await),
        report = &mut visits => (sales.await, stock.await, report),
    }
}
