//! "What is left is the budget less the time that has passed": a timer may be a little late, and then the difference panics.
//!
//! Caught by: accepts any limits

use exam::{Failure, Service};
use tokio::time::{Instant, sleep, timeout};

use super::given::Limits;

type Answer = Result<String, Option<Failure>>;

pub async fn ask_within(service: Service, limits: Limits) -> Answer {
    let started = Instant::now();
    let mut last = None;
    loop {
        let left = limits.budget - started.elapsed();
        match timeout(limits.each.min(left), service.ask()).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(f)) => last = Some(f),
            Err(_) => {}
        }
        let left = limits.budget - started.elapsed();
        if left <= limits.pause {
            return Err(last);
        }
        sleep(limits.pause).await;
    }
}
