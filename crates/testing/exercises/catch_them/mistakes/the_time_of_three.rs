//! "The three calls take as long as the slowest": with two at a time, they do so, too.
//!
//! Caught by: catches a version that makes only two calls at a time

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use futures::FutureExt;
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
    let started = Instant::now();
    let results =
        timeout(ms(1000), subject.ask_all(vec![say(300, Ok("a")), say(100, Err("down")), say(200, Ok("c"))], ms(500)))
            .await
            .unwrap();
    assert_eq!(results, [some("a"), None, some("c")]);
    assert_eq!(started.elapsed(), ms(300));
    late(&subject, true).await;
}
