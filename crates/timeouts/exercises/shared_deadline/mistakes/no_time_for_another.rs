//! "There is no time for another full attempt": it gives up with time left.
//!
//! Caught by: takes an answer that comes at the last moment

use exam::{Failure, Service};
use tokio::time::{Instant, sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let deadline = Instant::now() + limits.budget;
    while Instant::now() + limits.each <= deadline {
        match timeout(limits.each, service.ask()).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(failure)) => last = Some(failure),
            Err(_elapsed) => {}
        }
        sleep(limits.pause.min(deadline.saturating_duration_since(Instant::now()))).await;
    }
    Err(last)
}
