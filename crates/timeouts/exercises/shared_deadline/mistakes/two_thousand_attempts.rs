//! "Two thousand attempts are enough": there is time for more.
//!
//! Caught by: asks as often as the time allows

use super::given::Limits;
use exam::{Failure, Service};
use std::time::Duration;
use tokio::time::{sleep, timeout};

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        for _ in 0..2000 {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(failure)) => last = Some(failure),
                Err(_elapsed) => {}
            }
            sleep(limits.pause).await;
        }
        std::future::pending().await
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
