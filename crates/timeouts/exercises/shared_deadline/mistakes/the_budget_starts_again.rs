//! "I put a timeout around everything that I await": each of them gets the whole budget.
//!
//! Caught by: ends an attempt when the budget is over

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    loop {
        match timeout(limits.budget, timeout(limits.each, service.ask())).await {
            Ok(Ok(Ok(answer))) => return Ok(answer),
            Ok(Ok(Err(failure))) => last = Some(failure),
            Ok(Err(_elapsed)) => {}
            Err(_elapsed) => return Err(last),
        }
        if timeout(limits.budget, sleep(limits.pause)).await.is_err() {
            return Err(last);
        }
    }
}
