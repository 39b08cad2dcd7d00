//! "An instant is an instant": Tokio's timers do not use the clock of the standard library.
//!
//! Caught by: ends an attempt when the budget is over

use exam::{Failure, Service};
use std::time::Instant;

use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let started = Instant::now();
    loop {
        let left = limits.budget.saturating_sub(started.elapsed());
        if left.is_zero() {
            return Err(last);
        }
        match timeout(left.min(limits.each), service.ask()).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(failure)) => last = Some(failure),
            Err(_elapsed) => {}
        }
        sleep(limits.pause.min(left)).await;
    }
}
