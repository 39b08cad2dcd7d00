//! "Three attempts are enough": there is time for many more.
//!
//! Caught by: asks as often as the time allows

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        for _ in 0..3 {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return Some(answer),
                Ok(Err(failure)) => last = Some(failure),
                Err(_elapsed) => {}
            }
            sleep(limits.pause).await;
        }
        None
    };
    timeout(limits.budget, attempts).await.ok().flatten().ok_or(last)
}
