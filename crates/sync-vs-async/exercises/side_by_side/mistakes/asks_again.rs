//! "A failure deserves another try": the task does not ask for one, and it may be too much for a service in trouble.
//!
//! Caught by: keeps the others when reports fail

use exam::{Failure, Service};
use tokio::join;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let (sales_report, stock_report, visits_report) = join!(sales.ask(), stock.ask(), visits.ask());
    let stock_report = match stock_report {
        Err(_) => stock.ask().await,
        report => report,
    };
    (sales_report, stock_report, visits_report)
}
