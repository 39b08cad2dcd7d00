//! "`Instant::now() + budget` is the deadline": with `Duration::MAX` it panics.
//!
//! Caught by: accepts any limits

use exam::{Failure, Service};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::given::Limits;

type Answer = Result<String, Option<Failure>>;

pub async fn ask_within(service: Service, limits: Limits) -> Answer {
    let deadline = Instant::now() + limits.budget;
    let mut last = None;
    let attempts = async {
        loop {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(f)) => last = Some(f),
                Err(_) => {}
            }
            sleep(limits.pause).await;
        }
    };
    timeout_at(deadline, attempts).await.map_err(|_| last)
}
