//! "Threads can wait together": but the task that waits for them blocks the thread on which the services answer.
//!
//! Caught by: asks for all three reports at once

use exam::{Failure, Service};
use std::thread;

use tokio::runtime::Handle;

type Report = Result<String, Failure>;

pub async fn side_by_side(sales: Service, stock: Service, visits: Service) -> (Report, Report, Report) {
    let runtime = Handle::current();
    thread::scope(|scope| {
        let sales = scope.spawn(|| runtime.block_on(sales.ask()));
        let stock = scope.spawn(|| runtime.block_on(stock.ask()));
        let visits = scope.spawn(|| runtime.block_on(visits.ask()));
        (sales.join().unwrap(), stock.join().unwrap(), visits.join().unwrap())
    })
}
