//! "Making the futures starts them", as calling a function that returns a Promise does in JavaScript.
//!
//! Caught by: asks for all three reports at once

use exam::{Failure, Service};

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let sales = sales.ask();
    let stock = stock.ask();
    let visits = visits.ask();
    (sales.await, stock.await, visits.await)
}
