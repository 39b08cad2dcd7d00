//! Monitors that see nothing, or cost too much.

use std::convert::Infallible;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use crate::Lag;

/// Measures how long a turn takes, and pauses between two looks: a task that blocks during the pause is not seen.
pub async fn watch_lag(every: Duration, lag: &Lag) -> Infallible {
    loop {
        sleep(every).await;
        let before = Instant::now();
        yield_now().await;
        lag.record(before.elapsed());
    }
}

/// Measures how long a turn takes, again and again: it sees every block, and keeps a thread busy all the time.
pub async fn watch_lag_without_a_pause(lag: &Lag) -> Infallible {
    loop {
        let before = Instant::now();
        yield_now().await;
        lag.record(before.elapsed());
    }
}

/// Counts the interval as lag: whoever sleeps for 10 ms is told of 10 ms although nothing was late.
pub async fn watch_lag_with_the_interval(every: Duration, lag: &Lag) -> Infallible {
    loop {
        let before = Instant::now();
        sleep(every).await;
        lag.record(before.elapsed());
    }
}
