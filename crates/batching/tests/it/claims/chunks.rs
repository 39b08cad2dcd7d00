//! Batches of a stream, of a channel, and of futures.

use super::*;

/// A stream of a channel, with two items in it.
async fn two_items() -> (mpsc::Sender<u32>, ReceiverStream<u32>) {
    let (sender, receiver) = mpsc::channel(10);
    sender.send(1).await.unwrap();
    sender.send(2).await.unwrap();
    (sender, ReceiverStream::new(receiver))
}

#[test]
fn chunks_waits_until_a_chunk_is_full_or_the_stream_ends() {
    everywhere(|world| {
        world.run(async {
            let (sender, items) = two_items().await;
            let mut chunks = items.chunks(3);
            timeout(ms(10), chunks.next()).await.unwrap_err();
            sender.send(3).await.unwrap();
            assert_eq!(chunks.next().await, Some(vec![1, 2, 3]));
            sender.send(4).await.unwrap();
            drop(sender);
            assert_eq!(chunks.collect::<Vec<_>>().await, [[4]]);
        });
    });
}

#[test]
fn ready_chunks_takes_what_is_there_and_waits_only_for_the_first() {
    everywhere(|world| {
        world.run(async {
            let (sender, items) = two_items().await;
            let mut chunks = items.ready_chunks(3);
            assert_eq!(chunks.next().await, Some(vec![1, 2]));
            timeout(ms(10), chunks.next()).await.unwrap_err();
            drop(sender);
            assert_eq!(chunks.next().await, None);
        });
    });
}

#[test]
fn chunks_timeout_counts_from_the_first_item_of_the_chunk() {
    everywhere(|world| {
        let items = stream::iter([0, 30, 60].map(job)).buffered(3);
        let chunks = tokio_stream::StreamExt::chunks_timeout(items, 10, ms(50));
        assert_eq!(world.run(chunks.collect::<Vec<_>>()), [vec![0, 30], vec![60]]);
    });
}

#[test]
fn recv_many_waits_for_one_item_and_takes_what_is_there_up_to_the_limit() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(10);
            let mut items = vec![0];
            timeout(ms(10), receiver.recv_many(&mut items, 2)).await.unwrap_err();
            for item in 1..=3 {
                sender.send(item).await.unwrap();
            }
            assert_eq!(receiver.recv_many(&mut items, 2).await, 2);
            assert_eq!(receiver.recv_many(&mut items, 2).await, 1);
            assert_eq!(items, [0, 1, 2, 3], "it appends");
        });
    });
}

#[test]
fn recv_many_returns_0_at_the_end_and_for_a_limit_of_0() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(10);
            sender.send(1).await.unwrap();
            let mut items = Vec::new();
            assert_eq!(receiver.recv_many(&mut items, 0).await, 0);
            drop(sender);
            assert_eq!(receiver.recv_many(&mut items, 5).await, 1);
            assert_eq!(receiver.recv_many(&mut items, 5).await, 0);
            assert_eq!(items, [1]);
        });
    });
}

/// Six jobs, in milliseconds: two slow ones, each followed by two quick ones.
const JOBS: [u64; 6] = [30, 10, 10, 30, 10, 10];

/// A `sleep` counts from the call that makes it, so the call stands inside of the job.
async fn job(takes: u64) -> u64 {
    sleep(ms(takes)).await;
    takes
}

#[test]
fn batch_after_batch_waits_for_the_slowest_of_each_batch() {
    everywhere(|world| {
        let (batches, recording) =
            world.record(async { batch_after_batch(JOBS.map(job), 3).collect::<Vec<_>>().lane("all").await });
        assert_eq!(batches, [[30, 10, 10], [30, 10, 10]]);
        world.assert_took(recording.total(), ms(60));
    });
}

#[test]
fn a_window_of_three_starts_a_future_when_one_has_ended_and_is_quicker() {
    everywhere(|world| {
        let (results, recording) = world
            .record(async { stream::iter(JOBS.map(job)).buffer_unordered(3).collect::<Vec<_>>().lane("all").await });
        assert_eq!(results.len(), 6);
        world.assert_took(recording.total(), ms(40));
    });
}

#[test]
fn a_window_that_keeps_the_order_waits_for_a_slow_job_at_its_front() {
    everywhere(|world| {
        let (results, recording) =
            world.record(async { stream::iter(JOBS.map(job)).buffered(3).collect::<Vec<_>>().lane("all").await });
        assert_eq!(results.len(), 6);
        world.assert_took(recording.total(), ms(60));
    });
}

#[test]
fn a_batch_starts_when_it_is_asked_for() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let jobs = ["a", "b", "c"].map(|name| yield_now().lane(name));
            let mut batches = std::pin::pin!(batch_after_batch(jobs, 2));
            assert_eq!(batches.next().await.map(|batch| batch.len()), Some(2));
        });
        assert_eq!(recording.finish_order(), ["a", "b"]);
    });
}
