//! Monitors that see nothing, or cost too much.

use std::convert::Infallible;
use std::time::Duration;

use tokio::task::yield_now;
use tokio::time::{Instant, sleep};

use crate::Lag;

/// Goes wrong: measures how long a turn takes, and pauses between two looks. It does not see a task that blocks during the pause.
pub async fn watch_lag(every: Duration, lag: &Lag) -> Infallible {
    loop {
        sleep(every).await;
        let before = Instant::now();
        yield_now().await;
        lag.record(before.elapsed());
    }
}

/// Goes wrong: measures how long a turn takes, again and again. It sees every block of its thread, and keeps the thread busy all the time.
pub async fn watch_lag_without_a_pause(lag: &Lag) -> Infallible {
    loop {
        let before = Instant::now();
        yield_now().await;
        lag.record(before.elapsed());
    }
}

/// Goes wrong: counts the interval as lag. With looks every 10 ms, it reports 10 ms although nothing was late.
pub async fn watch_lag_with_the_interval(every: Duration, lag: &Lag) -> Infallible {
    loop {
        let before = Instant::now();
        sleep(every).await;
        lag.record(before.elapsed());
    }
}
