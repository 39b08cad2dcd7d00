//! "What failed has no result": the version returns the text of its error.
//!
//! Caught by: catches a version that returns a failure as a text

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
use tokio::sync::Barrier;
use tokio::time::{Instant, sleep, timeout};

use super::given::{Call, Subject};

fn ms(n: u64) -> Duration {
    Duration::from_millis(n)
}

fn say(after: u64, r: Result<&'static str, &'static str>) -> Call {
    async move {
        sleep(ms(after)).await;
        r.map(str::to_owned).map_err(str::to_owned)
    }
    .boxed()
}

fn some(t: &str) -> Option<String> {
    Some(t.to_owned())
}

async fn late(subject: &Subject, quick: bool) {
    let limit = ms(500);
    let alive = Arc::new(());
    let clone = Arc::clone(&alive);
    let never: Call = async move {
        pending::<()>().await;
        drop(clone);
        Ok("never".to_owned())
    }
    .boxed();
    let quick: Call = async { Ok("quick".to_owned()) }.boxed();
    let started = Instant::now();
    let results = timeout(2 * limit, subject.ask_all(vec![never, quick], limit)).await.expect("there is a limit");
    assert_eq!(results, [None, some("quick")]);
    assert_eq!(started.elapsed(), limit);
    assert_eq!(Arc::strong_count(&alive), 1);
}

pub async fn test(subject: Subject) {
    let all = Arc::new(Barrier::new(3));
    let calls = [(300, Ok("a")), (100, Err("is down")), (200, Ok("c"))].map(|(after, result)| {
        let all = Arc::clone(&all);
        async move {
            all.wait().await;
            sleep(ms(after)).await;
            result.map(str::to_owned).map_err(str::to_owned)
        }
        .boxed()
    });
    let results = timeout(ms(1000), subject.ask_all(calls.into(), ms(500))).await.unwrap();
    assert_eq!(results[0], some("a"));
    assert_eq!(results[2], some("c"));
    late(&subject, true).await;
}
