//! `queue.join()`: until all that was queued is done, with consumers that live on.

use producer_consumer::{Job, Jobs};
use timeline::{Clock, LaneExt, record};
use tokio::sync::mpsc;

use super::work;

#[test]
fn joining_waits_until_every_job_is_done_and_the_consumer_lives_on() {
    let (ended, recording) = record(Clock::Virtual, async {
        let (sender, receiver) = mpsc::channel(9);
        let jobs = Jobs::default();
        let consumer = tokio::spawn(consumer(receiver).lane("consumer"));
        for item in 1..=3 {
            sender.send(jobs.add(item)).await.unwrap();
        }
        jobs.join().lane("join").await;
        consumer.is_finished()
    });
    assert!(!ended);
    assert_eq!(recording.lane("join").unwrap().lasted(), Some(300_000));
    assert_eq!(recording.never_ended(), ["consumer"]);
}

#[test]
fn joining_without_jobs_is_over_at_once() {
    let ((), recording) = record(Clock::Virtual, async { Jobs::default().join().lane("join").await });
    assert_eq!(recording.lane("join").unwrap().lasted(), Some(0));
}

#[test]
fn jobs_added_while_somebody_joins_are_waited_for() {
    let ((), recording) = record(Clock::Virtual, async {
        let (sender, receiver) = mpsc::channel(9);
        let jobs = Jobs::default();
        tokio::spawn(consumer(receiver));
        sender.send(jobs.add(1)).await.unwrap();
        let late = async {
            work(0).await;
            sender.send(jobs.add(2)).await.unwrap();
        };
        tokio::join!(late, jobs.join().lane("join"));
    });
    assert_eq!(recording.lane("join").unwrap().lasted(), Some(200_000));
}

#[test]
fn a_job_that_panics_counts_as_done_where_task_done_would_be_missing() {
    let (ended, _) = record(Clock::Virtual, async {
        let jobs = Jobs::default();
        let job = jobs.add(0);
        let broken = tokio::spawn(async move { 6 / *job });
        jobs.join().await;
        broken.await
    });
    assert!(ended.unwrap_err().is_panic());
}

async fn consumer(mut queue: mpsc::Receiver<Job<u32>>) {
    while let Some(job) = queue.recv().await {
        work(*job).await;
    }
}
