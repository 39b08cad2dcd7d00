//! "One attempt is always possible, and the budget is for the rest": the first attempt may take longer than the budget.
//!
//! Caught by: ends an attempt when the budget is over

use exam::{Failure, Service};
use tokio::time::{Instant, sleep, timeout, timeout_at};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let end = Instant::now() + limits.budget;
    let mut last = None;
    match timeout(limits.each, service.ask()).await {
        Ok(Ok(answer)) => return Ok(answer),
        Ok(Err(failure)) => last = Some(failure),
        Err(_) => {}
    }
    let others = async {
        loop {
            sleep(limits.pause).await;
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(failure)) => last = Some(failure),
                Err(_) => {}
            }
        }
    };
    timeout_at(end, others).await.map_err(|_| last)
}
