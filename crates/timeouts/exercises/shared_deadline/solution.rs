//! One good answer.

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

/// Asks `service` until it answers, for as long as `limits` allow. Returns the last failure if it never answers.
pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    // Outside the loop, because the timeout drops the loop.
    let mut last = None;
    let attempts = async {
        loop {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(failure)) => last = Some(failure),
                // This attempt returned nothing. The failure of an earlier attempt stays the last one.
                Err(_elapsed) => {}
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
