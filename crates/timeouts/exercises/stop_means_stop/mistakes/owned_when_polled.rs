//! "A task owns the job": it makes the owner at its first poll, and holds a plain handle until then.
//!
//! Caught by: stops the job at whatever await its caller gives up

use std::time::Duration;

use tokio::task::JoinError;
use tokio::time::{Instant, timeout_at};
use tokio_util::task::AbortOnDropHandle;

use super::given::Press;

type Printed = Result<Option<u32>, JoinError>;

pub async fn print_within(press: Press, job: String, limit: Duration) -> Printed {
    let deadline = Instant::now() + limit;
    let Ok(handle) = timeout_at(deadline, press.start(&job)).await else { return Ok(None) };
    let abort = handle.abort_handle();
    let mut owner = tokio::task::JoinSet::new();
    owner.spawn(async move {
        let mut handle = AbortOnDropHandle::new(handle);
        timeout_at(deadline, &mut handle)
            .await
            .ok()
            .map(|r| (r, ()))
            .map_or_else(|| None, |(r, ())| Some(r))
            .map_or_else(|| Err(handle), Ok)
    });
    match owner.join_next().await.unwrap()? {
        Ok(pages) => pages.map(Some),
        Err(handle) => {
            abort.abort();
            match handle.await {
                Err(e) if e.is_cancelled() => Ok(None),
                ended => ended.map(Some),
            }
        }
    }
}
