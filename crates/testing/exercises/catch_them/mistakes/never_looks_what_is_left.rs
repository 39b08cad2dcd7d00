//! "When a function has returned, everything is over": its calls may still run.
//!
//! Caught by: catches a version that leaves calls running

use std::time::Duration;

use futures::FutureExt;
use tokio::time::{Instant, sleep, timeout};

use super::given::{Call, Subject};

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A call that ends like this after so many milliseconds.
fn call(after: u64, result: Result<&'static str, &'static str>) -> Call {
    async move {
        sleep(ms(after)).await;
        result.map(str::to_owned).map_err(str::to_owned)
    }
    .boxed()
}

/// Panics if a version of `ask_all` has a fault. Runs on the paused clock.
pub async fn test(subject: Subject) {
    let started = Instant::now();
    let results = subject.ask_all(vec![call(300, Ok("a")), call(200, Ok("b"))], ms(1_000)).await;
    assert_eq!(results, [Some("a".to_owned()), Some("b".to_owned())]);
    assert_eq!(started.elapsed(), ms(300));

    let results = subject.ask_all(vec![call(300, Ok("a")), call(100, Err("is down"))], ms(1_000)).await;
    assert_eq!(results, [Some("a".to_owned()), None]);

    let results = timeout(ms(2_000), subject.ask_all(vec![call(5_000, Ok("late"))], ms(1_000))).await;
    assert_eq!(results.expect("there is a limit"), [None]);
}
