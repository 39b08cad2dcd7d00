//! The versions that go wrong: monitors that see too little, cost too much, or report wrong numbers.

use std::convert::Infallible;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use crate::Lag;

/// Goes wrong: it measures how long a yield takes, and pauses between two checks. So it does not see a task that blocks during the pause.
pub async fn watch_lag(every: Duration, lag: &Lag) -> Infallible {
    loop {
        sleep(every).await;
        let before = Instant::now();
        yield_now().await;
        lag.record(before.elapsed());
    }
}

/// Goes wrong: it measures how long a yield takes, again and again. It sees every block of its thread, but keeps the thread busy all the time.
pub async fn watch_lag_without_a_pause(lag: &Lag) -> Infallible {
    loop {
        let before = Instant::now();
        yield_now().await;
        lag.record(before.elapsed());
    }
}

/// Goes wrong: it counts the interval as lag. With a check every 10 ms, it reports 10 ms although nothing was late.
pub async fn watch_lag_with_the_interval(every: Duration, lag: &Lag) -> Infallible {
    loop {
        let before = Instant::now();
        sleep(every).await;
        lag.record(before.elapsed());
    }
}
