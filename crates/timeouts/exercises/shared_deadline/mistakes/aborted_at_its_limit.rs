//! "I abort the task when its time is over": if the budget is over before, no line aborts it.
//!
//! Caught by: ends an attempt when the budget is over

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        loop {
            let mut attempt = tokio::spawn(service.ask());
            match timeout(limits.each, &mut attempt).await {
                Ok(Ok(Ok(answer))) => return answer,
                Ok(Ok(Err(failure))) => last = Some(failure),
                Ok(Err(_)) | Err(_) => attempt.abort(),
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
