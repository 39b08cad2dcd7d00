//! "An empty answer means no answer": the service is asked again.
//!
//! Caught by: returns an answer unchanged

use super::given::Limits;
use exam::{Failure, Service};
use std::time::Duration;
use tokio::time::{sleep, timeout};

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        loop {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) if !answer.is_empty() => return answer,
                Ok(Ok(_)) => {}
                Ok(Err(failure)) => last = Some(failure),
                Err(_elapsed) => {}
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
