//! "A pause of three milliseconds is too short": it waits at least ten.
//!
//! Caught by: asks again, a pause after each failure

use super::given::Limits;
use exam::{Failure, Service};
use std::time::Duration;
use tokio::time::{sleep, timeout};

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        loop {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(failure)) => last = Some(failure),
                Err(_elapsed) => {}
            }
            sleep(limits.pause.max(Duration::from_millis(10))).await;
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
