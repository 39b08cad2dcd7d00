//! "A service that does not answer five times is dead": it is not asked again.
//!
//! Caught by: asks as often as the time allows

use std::future::pending;

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        let mut silences = 0;
        loop {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(failure)) => last = Some(failure),
                Err(_elapsed) => {
                    silences += 1;
                    if silences == 5 {
                        pending::<()>().await;
                    }
                }
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
