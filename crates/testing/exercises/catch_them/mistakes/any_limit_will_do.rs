//! "It ended, so there is a limit": the test does not see that the limit is another one.
//!
//! Caught by: catches a version that takes longer than the limit

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::Barrier;
use tokio::time::{sleep, timeout};

use super::given::{Call, Subject};

/// Panics if a version of `ask_all` has a fault. Runs on the paused clock.
#[expect(clippy::expect_used, reason = "in a test a panic is the report")]
pub async fn test(subject: Subject) {
    let limit = Duration::from_millis(500);

    // No call ends before all are under way. One call fails, and the first is the slowest.
    let all = Arc::new(Barrier::new(3));
    let calls = [(300, Ok("a")), (100, Err("is down")), (200, Ok("c"))].map(|(after, result)| {
        let all = Arc::clone(&all);
        let call = async move {
            all.wait().await;
            sleep(Duration::from_millis(after)).await;
            result.map(str::to_owned).map_err(str::to_owned)
        };
        call.boxed()
    });
    let results = timeout(2 * limit, subject.ask_all(calls.into(), limit)).await.expect("the calls meet");
    assert_eq!(results, [Some("a".to_owned()), None, Some("c".to_owned())]);

    // A call that never ends owns a clone until it is dropped.
    let alive = Arc::new(());
    let clone = Arc::clone(&alive);
    let never: Call = async move {
        pending::<()>().await;
        drop(clone);
        Ok("never".to_owned())
    }
    .boxed();
    let quick = async { Ok("quick".to_owned()) }.boxed();
    let results = timeout(2 * limit, subject.ask_all(vec![never, quick], limit)).await.expect("there is a limit");
    assert_eq!(results, [None, Some("quick".to_owned())]);
    assert_eq!(Arc::strong_count(&alive), 1, "no call is under way any more");
}
