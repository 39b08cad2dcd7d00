//! "I check every millisecond whether it has ended": the loop uses the processor for nothing.
//!
//! Caught by: sleeps while nothing comes

use std::pin::pin;
use std::time::Duration;

use exam::{Failure, Service};
use futures::FutureExt;
use tokio::time::{Instant, sleep};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let look = || sleep(Duration::from_millis(1));
    let end = Instant::now() + limits.budget;
    while Instant::now() < end {
        let mut attempt = pin!(service.ask());
        let limit = end.min(Instant::now() + limits.each);
        while Instant::now() < limit {
            match (&mut attempt).now_or_never() {
                Some(Ok(answer)) => return Ok(answer),
                Some(Err(failure)) => {
                    last = Some(failure);
                    break;
                }
                None => look().await,
            }
        }
        let pause = end.min(Instant::now() + limits.pause);
        while Instant::now() < pause {
            look().await;
        }
    }
    Err(last)
}
