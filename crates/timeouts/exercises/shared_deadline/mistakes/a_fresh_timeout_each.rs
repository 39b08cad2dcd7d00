//! "Every attempt has a limit, so all of them have one": the attempts together may take longer than the budget.
//!
//! Caught by: ends an attempt when the budget is over

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let tries = limits.budget.as_millis() / limits.pause.as_millis();
    for _ in 0..tries {
        match timeout(limits.each, service.ask()).await {
            Ok(Ok(answer)) => return Ok(answer),
            Ok(Err(failure)) => last = Some(failure),
            Err(_elapsed) => {}
        }
        sleep(limits.pause).await;
    }
    Err(last)
}
