//! Every claim of the chapter.

mod asyncio;
mod hosts;
mod limits;
mod order;
mod releasing;
mod resizing;
mod twin;

use std::sync::Arc;
use std::time::Duration;

use room::{World, everywhere};
use timeline::{LIMIT, LaneExt};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

fn permits(number: usize) -> Arc<Semaphore> {
    Arc::new(Semaphore::new(number))
}

/// Works for this many milliseconds, in a lane.
fn work(milliseconds: u64) -> impl Future<Output = u64> + Send + 'static {
    let work = async move {
        sleep(ms(milliseconds)).await;
        milliseconds
    };
    work.lane("work")
}

/// Proves everywhere what needs no clock: the claim polls its futures by hand.
fn by_hand(claim: impl Fn()) {
    everywhere(|world| world.run(async { claim() }));
}

/// Whether a future is not ready: after an hour on the paused clock, after a moment in real time.
async fn waits_for_ever(world: World, future: impl Future) -> bool {
    let long = if world.is_paused() { LIMIT / 2 } else { ms(20) };
    timeout(long, future).await.is_err()
}
