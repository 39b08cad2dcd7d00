//! "Each attempt is a task with its own timeout, so it ends by itself": it ends after the budget.
//!
//! Caught by: ends an attempt when the budget is over

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        loop {
            match tokio::spawn(timeout(limits.each, service.ask())).await {
                Ok(Ok(Ok(answer))) => return answer,
                Ok(Ok(Err(failure))) => last = Some(failure),
                Ok(Err(_)) | Err(_) => {}
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
