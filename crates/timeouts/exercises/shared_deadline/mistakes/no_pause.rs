//! "Without a pause it is quicker": a busy service is asked again while it is still busy.
//!
//! Caught by: asks again, a pause after each failure

use exam::{Failure, Service};
use tokio::time::timeout;

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let mut last = None;
    let attempts = async {
        loop {
            match timeout(limits.each, service.ask()).await {
                Ok(Ok(answer)) => return answer,
                Ok(Err(failure)) => last = Some(failure),
                Err(_elapsed) => {}
            }
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| last)
}
