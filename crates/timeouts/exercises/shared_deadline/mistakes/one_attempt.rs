//! "Only the limit matters": it makes one attempt and no second one.
//!
//! Caught by: asks again, a pause after each failure

use exam::{Failure, Service};
use tokio::time::timeout;

use super::given::Limits;

pub async fn ask_within(service: Service, limits: Limits) -> Result<String, Option<Failure>> {
    match timeout(limits.budget, service.ask()).await {
        Ok(answer) => answer.map_err(Some),
        Err(_elapsed) => Err(None),
    }
}
