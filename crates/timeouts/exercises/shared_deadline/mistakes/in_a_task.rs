//! "A retry loop belongs in a task of its own": a timeout around its handle does not stop it, and neither does a caller that gives up.
//!
//! Caught by: stops everything when its caller gives up

use exam::{Failure, Service};
use std::sync::{Arc, Mutex};

use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let last = Arc::new(Mutex::new(None));
    let seen = Arc::clone(&last);
    let attempts = async move {
        loop {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(failure)) => *seen.lock().unwrap() = Some(failure),
                Err(_elapsed) => {}
            }
            sleep(limits.pause).await;
        }
    };
    let mut task = tokio::spawn(attempts);
    let answer = timeout(limits.budget, &mut task).await;
    task.abort();
    answer.map(Result::unwrap).map_err(|_elapsed| last.lock().unwrap().take())
}
