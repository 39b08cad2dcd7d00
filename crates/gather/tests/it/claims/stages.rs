//! Two stages, with and without a barrier between them.

use std::future::ready;

use super::*;

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

#[test]
fn a_pipeline_lets_each_item_go_on_alone() {
    everywhere(|world| {
        let parsing = CancellationToken::new();
        // The download of the second item ends when the first is being parsed.
        let downloads = [ready(()).boxed(), parsing.cancelled().boxed()];
        let (first, second) = (async |download| download.await, async |()| parsing.cancel());
        assert_eq!(world.run(two_stages(downloads, first, second)).len(), 2);
    });
}

#[test]
fn two_stages_takes_as_long_as_the_slowest_item() {
    everywhere(|world| {
        let (parsed, recording) = world.record(two_stages(ITEMS, download, parse));
        assert_eq!(parsed, [40, 5, 15]);
        world.assert_took(recording.total(), ms(50));
    });
}

#[test]
fn gathering_twice_puts_a_barrier_between_the_stages() {
    everywhere(|world| {
        let (parsed, recording) = world.record(naive::two_stages(ITEMS, download, parse));
        assert_eq!(parsed, [40, 5, 15]);
        let last_download = recording.named("download").filter_map(|lane| lane.closed).max();
        assert!(recording.named("parse").all(|lane| Some(lane.opened) >= last_download));
        world.assert_took(recording.total(), ms(70));
    });
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
