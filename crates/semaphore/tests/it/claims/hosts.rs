//! A limit for each host.

use futures::future::join_all;
use semaphore::{PerHost, with_permit};
use timeline::{Clock, LaneExt, record};
use tokio::sync::Semaphore;

use super::work;

const REQUESTS: [(&str, u64); 6] =
    [("slow", 700), ("slow", 710), ("slow", 720), ("fast", 130), ("fast", 140), ("fast", 150)];

#[test]
fn each_host_has_a_limit_of_its_own() {
    let ((), recording) = record(Clock::Virtual, async {
        let hosts = PerHost::new(2);
        let ask = async |(host, takes)| {
            let _permit = hosts.acquire(host).await;
            work(takes).lane(host).await;
        };
        join_all(REQUESTS.map(ask)).await;
    });
    assert_eq!((recording.peak("slow"), recording.peak("fast"), recording.peak("work")), (2, 2, 4));
}

#[test]
fn a_slow_host_does_not_hold_up_a_fast_one_and_with_one_limit_for_all_it_does() {
    let hosts = PerHost::new(3);
    let all = Semaphore::new(3);
    let apart = async |(host, takes)| {
        let _permit = hosts.acquire(host).await;
        work(takes).lane(host).await;
    };
    let together = async |(host, takes)| drop(with_permit(&all, work(takes).lane(host)).await);
    let (_, apart) = record(Clock::Virtual, join_all(REQUESTS.map(apart)));
    let (_, together) = record(Clock::Virtual, join_all(REQUESTS.map(together)));
    assert_eq!(apart.lane("fast").unwrap().closed, Some(130_000));
    assert_eq!(together.lane("fast").unwrap().closed, Some(830_000));
}

#[tokio::test]
async fn a_host_that_nobody_talks_to_is_forgotten() {
    let hosts = PerHost::new(2);
    let held = hosts.acquire("a").await;
    drop(hosts.acquire("b").await);
    assert_eq!(hosts.len(), 2);
    let _other = hosts.acquire("c").await;
    assert_eq!(hosts.len(), 2);
    drop(held);
}

#[test]
#[should_panic(expected = "a limit of 0 lets nothing run")]
fn a_limit_of_none_for_each_host_is_refused() {
    let _ = PerHost::new(0);
}

#[tokio::test]
async fn a_host_that_somebody_talks_to_keeps_its_count() {
    let hosts = PerHost::new(1);
    let _held = hosts.acquire("a").await;
    drop(hosts.acquire("b").await);
    let mut again = tokio_test::task::spawn(hosts.acquire("a"));
    tokio_test::assert_pending!(again.poll());
}
