//! "No caller waits longer than a minute": the caller's budget is ignored.
//!
//! Caught by: takes an answer that comes at the last moment

use std::time::Duration;

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        loop {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(failure)) => last = Some(failure),
                Err(_elapsed) => {}
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget.min(Duration::from_secs(60)), attempts).await.map_err(|_elapsed| last)
}
