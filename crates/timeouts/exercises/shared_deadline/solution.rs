//! One good answer.

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

/// Asks `service` until it answers, for as long as `limits` allow; returns the last failure if it never does.
pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    // Outside of the loop, which is dropped when the time is over.
    let mut last = None;
    let attempts = async {
        loop {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(failure)) => last = Some(failure),
                // It said nothing; what an earlier attempt said still stands.
                Err(_elapsed) => {}
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
