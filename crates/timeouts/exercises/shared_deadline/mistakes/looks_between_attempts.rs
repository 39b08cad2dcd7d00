//! "I loop while there is time": the loop checks the clock before an attempt, and not during one.
//!
//! Caught by: ends an attempt when the budget is over

use exam::{Failure, Service};
use tokio::time::{Instant, sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let deadline = Instant::now() + limits.budget;
    while Instant::now() < deadline {
        match timeout(limits.each, service.ask()).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(failure)) => last = Some(failure),
            Err(_elapsed) => {}
        }
        sleep(limits.pause.min(deadline.saturating_duration_since(Instant::now()))).await;
    }
    Err(last)
}
