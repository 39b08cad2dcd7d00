//! How often the futures of a gathering are polled.

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use timeline::{Clock, LaneExt, record};
use tokio::time::sleep;

use super::ms;

/// So many sleepers that wake one after another, in lanes named `sleeper`.
fn sleepers(count: u64) -> impl Iterator<Item = impl Future<Output = ()>> {
    (1..=count).map(|after| sleep(ms(after)).lane("sleeper"))
}

#[test]
fn join_all_of_up_to_30_polls_everybody_at_each_wake() {
    let (_, recording) = record(Clock::Virtual, async { join_all(sleepers(30)).await });
    let one_fewer_at_each_wake: u64 = (1..=30).sum();
    assert_eq!(recording.polls("sleeper"), 30 + one_fewer_at_each_wake);
}

#[test]
fn join_all_of_more_than_30_polls_only_the_woken() {
    let (_, recording) = record(Clock::Virtual, async { join_all(sleepers(31)).await });
    assert_eq!(recording.polls("sleeper"), 31 + 31);
}

#[test]
fn futures_unordered_polls_only_the_woken() {
    let (_, recording) = record(Clock::Virtual, async {
        let sleepers: FuturesUnordered<_> = sleepers(30).collect();
        sleepers.count().await
    });
    assert_eq!(recording.polls("sleeper"), 30 + 30);
}
