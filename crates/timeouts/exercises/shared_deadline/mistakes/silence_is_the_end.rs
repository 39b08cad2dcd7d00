//! "A timeout is a timeout": it gives up after the first attempt without an answer.
//!
//! Caught by: gives up an attempt that says nothing

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        loop {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return Some(answer),
                Ok(Err(failure)) => last = Some(failure),
                Err(_elapsed) => return None,
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget, attempts).await.ok().flatten().ok_or(last)
}
