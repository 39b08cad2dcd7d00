//! Every claim of the chapter.

mod asyncio;
mod giving_back;
mod hosts;
mod limits;
mod order;
mod resizing;
mod twin;

use std::sync::Arc;
use std::time::Duration;

use timeline::LaneExt;
use tokio::sync::Semaphore;
use tokio::time::sleep;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn permits(number: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(number))
}

/// Works for as long as this, in a lane.
fn work(milliseconds: u64) -> impl Future<Output = u64> + Send + 'static {
    let work = async move {
        sleep(ms(milliseconds)).await;
        milliseconds
    };
    work.lane("work")
}
