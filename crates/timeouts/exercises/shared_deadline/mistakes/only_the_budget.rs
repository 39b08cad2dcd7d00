//! "There is a limit already": the first attempt without an answer gets the whole budget.
//!
//! Caught by: gives up an attempt that says nothing

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        loop {
            match service.ask().await {
                Ok(answer) => return answer,
                Err(failure) => last = Some(failure),
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
