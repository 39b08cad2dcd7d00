//! "Zero means no limit": zero means no time at all.
//!
//! Caught by: accepts any limits

use std::time::Duration;

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

type Answer = Result<String, Option<Failure>>;

pub async fn ask_within(service: Service, limits: Limits) -> Answer {
    let mut last = None;
    let budget = if limits.budget.is_zero() { Duration::MAX } else { limits.budget };
    let attempts = async {
        loop {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(f)) => last = Some(f),
                Err(_) => {}
            }
            sleep(limits.pause).await;
        }
    };
    timeout(budget, attempts).await.map_err(|_| last)
}
