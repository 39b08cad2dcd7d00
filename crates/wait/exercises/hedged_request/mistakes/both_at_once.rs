//! "Two are quicker than one": every request does twice the work.
//!
//! Caught by: asks only the first when that one is quick

use std::time::Duration;

use exam::{Failure, Service};
use futures::FutureExt;
use futures::future::select_ok;

pub async fn hedged_request(first: Service, second: Service, patience: Duration) -> Result<String, Vec<Failure>> {
    match select_ok([first.ask().boxed(), second.ask().boxed()]).await {
        Ok((answer, _)) => Ok(answer),
        Err(failure) => Err(vec![failure]),
    }
}
