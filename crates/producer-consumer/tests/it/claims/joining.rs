//! `queue.join()`: until all that was queued is done, with consumers that live on.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use producer_consumer::{Job, Jobs};
use room::{everywhere, on_one_thread};
use tokio::sync::mpsc;
use tokio::time::sleep;

use super::{ms, work};

#[test]
fn joining_waits_until_every_job_is_done_and_the_consumer_lives_on() {
    everywhere(|world| {
        world.run(async {
            let (sender, receiver) = mpsc::channel(9);
            let (jobs, done) = (Jobs::default(), Arc::default());
            let consumer = tokio::spawn(consumer(receiver, Arc::clone(&done)));
            for item in 1..=3 {
                sender.send(jobs.add(item)).await.unwrap();
            }
            jobs.join().await;
            assert_eq!(done.load(Relaxed), 3);
            assert!(!consumer.is_finished());
        });
    });
}

#[test]
fn joining_without_jobs_is_over_at_once() {
    everywhere(|world| world.run(async { Jobs::default().join().await }));
}

#[test]
fn jobs_added_while_somebody_joins_are_waited_for() {
    everywhere(|world| {
        world.run(async {
            let (sender, receiver) = mpsc::channel(9);
            let (jobs, done) = (Jobs::default(), Arc::default());
            tokio::spawn(consumer(receiver, Arc::clone(&done)));
            sender.send(jobs.add(1)).await.unwrap();
            let late = async {
                sleep(ms(5)).await; // The first job takes longer.
                sender.send(jobs.add(2)).await.unwrap();
            };
            tokio::join!(late, jobs.join());
            assert_eq!(done.load(Relaxed), 2);
        });
    });
}

#[test]
fn a_job_added_right_after_the_last_one_is_waited_for_on_one_thread() {
    on_one_thread(|world| {
        world.run(async {
            let (jobs, done) = (Jobs::default(), Arc::new(AtomicU32::new(0)));
            let (first, more, counted) = (jobs.add(1), jobs.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                sleep(ms(5)).await;
                drop(first); // For a moment no job is open.
                let second = more.add(2);
                sleep(ms(5)).await;
                counted.fetch_add(*second, Relaxed);
            });
            jobs.join().await;
            assert_eq!(done.load(Relaxed), 2);
        });
    });
}

#[test]
fn a_job_that_panics_counts_as_done_without_a_call_of_task_done() {
    everywhere(|world| {
        world.run(async {
            let jobs = Jobs::default();
            let job = jobs.add(0);
            let broken = tokio::spawn(async move { 6 / *job });
            jobs.join().await;
            assert!(broken.await.unwrap_err().is_panic());
        });
    });
}

async fn consumer(mut queue: mpsc::Receiver<Job<u32>>, done: Arc<AtomicU32>) {
    while let Some(job) = queue.recv().await {
        work(*job).await;
        done.fetch_add(1, Relaxed);
    }
}
