//! "A pause is not an attempt": the deadline is for attempts, and the pause sleeps past it.
//!
//! Caught by: ends a pause when the budget is over

use exam::{Failure, Service};
use tokio::time::{Instant, sleep, timeout_at};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let deadline = Instant::now() + limits.budget;
    while Instant::now() < deadline {
        match timeout_at(deadline.min(Instant::now() + limits.each), service.ask()).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(failure)) => last = Some(failure),
            Err(_elapsed) if Instant::now() >= deadline => break,
            Err(_elapsed) => {}
        }
        sleep(limits.pause).await;
    }
    Err(last)
}
