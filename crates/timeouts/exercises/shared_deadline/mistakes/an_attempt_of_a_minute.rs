//! "An attempt of more than a minute will never answer": the caller decides that.
//!
//! Caught by: takes an answer that comes at the last moment

use super::given::Limits;
use exam::{Failure, Service};
use std::time::Duration;
use tokio::time::{sleep, timeout};

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        loop {
            match timeout(limits.each.min(Duration::from_mins(1)), service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(failure)) => last = Some(failure),
                Err(_elapsed) => {}
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
