//! Two stages, with and without a barrier between them.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};

use gather::{naive, two_stages};
use room::everywhere;
use timeline::{Clock, LaneExt, Recording, record};
use tokio::task::yield_now;
use tokio::time::sleep;

use super::ms;

/// For each item, how long its download and its parsing take.
const ITEMS: [(u64, u64); 3] = [(10, 40), (20, 5), (30, 15)];

async fn download((download, parse): (u64, u64)) -> u64 {
    sleep(ms(download)).lane("download").await;
    parse
}

async fn parse(time: u64) -> u64 {
    sleep(ms(time)).lane("parse").await;
    time
}

fn first_parse(recording: &Recording) -> u64 {
    recording.lane("parse").unwrap().opened
}

fn last_download(recording: &Recording) -> u64 {
    recording.named("download").filter_map(|lane| lane.closed).max().unwrap()
}

#[test]
fn a_pipeline_lets_each_item_go_on_alone() {
    let (parsed, recording) = record(Clock::Virtual, two_stages(ITEMS, download, parse));
    assert_eq!(parsed, [40, 5, 15]);
    assert!(first_parse(&recording) < last_download(&recording));
    assert_eq!(recording.total(), 50_000);
}

#[test]
fn gathering_twice_puts_a_barrier_between_the_stages() {
    let (parsed, recording) = record(Clock::Virtual, naive::two_stages(ITEMS, download, parse));
    assert_eq!(parsed, [40, 5, 15]);
    assert_eq!(first_parse(&recording), last_download(&recording));
    assert_eq!(recording.total(), 70_000);
}

#[test]
fn two_stages_whose_closures_capture_can_be_spawned() {
    everywhere(|world| {
        let sums = world.run(async {
            let shared = Arc::new(AtomicU64::new(100));
            let handler = async move {
                let first = async |number| {
                    yield_now().await;
                    number + shared.load(Relaxed)
                };
                let second = |number| {
                    let shared = Arc::clone(&shared);
                    async move {
                        yield_now().await;
                        number + shared.load(Relaxed)
                    }
                };
                two_stages([1, 2], first, second).await
            };
            tokio::spawn(handler).await.unwrap()
        });
        assert_eq!(sums, [201, 202]);
    });
}
