//! "An attempt is a task, and the timeout cancels it": it drops the handle, and the attempt goes on.
//!
//! Caught by: gives up an attempt that says nothing

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        loop {
            match timeout(limits.each, tokio::spawn(service.ask())).await {
                Ok(Ok(Ok(answer))) => return answer,
                Ok(Ok(Err(failure))) => last = Some(failure),
                Ok(Err(_)) | Err(_) => {}
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
