//! "It timed out, and that is all I can say": the reason why the attempts failed is lost.
//!
//! Caught by: returns the last failure

use exam::{Failure, Service};
use tokio::time::{sleep, timeout};

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    let attempts = async {
        loop {
            if let Ok(Ok(answer)) = timeout(limits.each, service.ask()).await {
                return answer;
            }
            sleep(limits.pause).await;
        }
    };
    timeout(limits.budget, attempts).await.map_err(|_elapsed| None)
}
