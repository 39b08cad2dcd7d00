//! "The pause comes before every attempt": it also makes one before the first attempt.
//!
//! Caught by: asks again, a pause after each failure

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        loop {
            sleep(limits.pause).await;
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(failure)) => last = Some(failure),
                Err(_elapsed) => {}
            }
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
