//! Code that does not yield.

use futures::FutureExt;
use room::with_several_workers;
use tokio::task::coop::consume_budget;

use super::*;

#[test]
fn a_timeout_cannot_interrupt_awaits_that_are_always_ready() {
    everywhere(|world| {
        let (result, recording) = world.record(async {
            let work = async {
                for _ in 0..1_000 {
                    ready(()).await;
                }
            };
            timeout(Duration::ZERO, work.lane("work")).await
        });
        assert_eq!(result, Ok(()));
        assert_eq!(recording.polls("work"), 1);
    });
}

#[test]
fn a_timeout_cannot_interrupt_a_blocked_thread() {
    everywhere(|world| {
        let result = world.run(async {
            let work = async {
                std::thread::sleep(ms(10));
                "done"
            };
            timeout(ms(1), work).await
        });
        assert_eq!(result, Ok("done"));
    });
}

#[test]
fn a_timeout_ends_code_that_yields() {
    everywhere(|world| {
        let work = async {
            loop {
                yield_now().await;
            }
        };
        assert!(world.run(async { timeout(Duration::ZERO, work).await }).is_err());
    });
}

#[test]
fn tokios_own_resources_yield_after_128_ready_awaits() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(1_000);
            for item in 0..1_000 {
                sender.try_send(item).unwrap();
            }
            let mut taken = 0;
            let receive = async {
                while receiver.recv().await.is_some() {
                    taken += 1;
                }
            };
            // The budget is renewed before each poll of the task: this one begins with all of it.
            yield_now().await;
            let mut receive = Box::pin(receive);
            assert!(futures::poll!(&mut receive).is_pending());
            drop(receive);
            assert_eq!(taken, 128);
        });
    });
}

/// How many of a thousand items that are there a future takes in one poll of its task.
fn taken_in_one_poll() -> u32 {
    let (sender, mut receiver) = mpsc::channel(1_000);
    for item in 0..1_000 {
        sender.try_send(item).unwrap();
    }
    let mut taken = 0;
    while receiver.recv().now_or_never().is_some() {
        taken += 1;
    }
    taken
}

/// How much a task takes in one poll that was woken by a task whose own poll has used up 100.
async fn taken_after_a_wake() -> u32 {
    let (go, gone) = oneshot::channel();
    let (waits, waiting) = oneshot::channel();
    let woken = tokio::spawn(async move {
        waits.send(()).unwrap();
        gone.await.unwrap();
        taken_in_one_poll()
    });
    waiting.await.unwrap();
    yield_now().await; // The next poll begins with 128.
    for _ in 0..100 {
        consume_budget().await;
    }
    go.send(()).unwrap();
    woken.await.unwrap()
}

#[test]
fn a_task_has_a_budget_of_its_own_on_one_thread() {
    on_one_thread(|world| {
        // One goes to the signal for which it waited.
        assert_eq!(world.run(async { tokio::spawn(taken_after_a_wake()).await.unwrap() }), 127);
    });
}

#[test]
fn a_task_may_get_only_the_rest_of_the_budget_of_the_task_that_woke_it_with_several_workers() {
    with_several_workers(|world| {
        // If the task was not yet waiting, its own worker runs it, with a whole budget. Sooner or later it waits.
        world.run(async { while tokio::spawn(taken_after_a_wake()).await.unwrap() != 27 {} });
    });
}

#[test]
fn a_timeout_ends_a_computation_that_consumes_budget() {
    let bytes = vec![1; 20_000_000];
    everywhere(|world| {
        let (result, recording) =
            world.record(async { timeout(Duration::ZERO, timeouts::checksum(&bytes).lane("checksum")).await });
        assert!(result.is_err());
        assert_eq!(recording.cancelled(), ["checksum"]);
    });
}

#[test]
fn the_checksum_yields_once_in_128_blocks() {
    everywhere(|world| {
        for (blocks, polls) in [(128, 1), (129, 2), (256, 2), (257, 3)] {
            let bytes = vec![1; blocks * 1_024];
            let (_, recording) = world.record(async {
                yield_now().await;
                timeouts::checksum(&bytes).lane("checksum").await
            });
            assert_eq!(recording.polls("checksum"), polls, "{blocks} blocks");
        }
    });
}

#[test]
fn the_naive_checksum_is_never_cancelled() {
    let bytes = vec![1; 1_000_000];
    everywhere(|world| {
        let (result, recording) =
            world.record(async { timeout(Duration::ZERO, timeouts::naive::checksum(&bytes).lane("checksum")).await });
        assert_eq!(result, Ok(1_000_000));
        assert_eq!(recording.polls("checksum"), 1);
    });
}

#[test]
fn both_checksums_are_right() {
    let bytes: Vec<u8> = (0..=255).cycle().take(2_560).collect();
    everywhere(|world| {
        assert_eq!(world.run(timeouts::checksum(&bytes)), 10 * 255 * 128);
        assert_eq!(world.run(timeouts::naive::checksum(&bytes)), 10 * 255 * 128);
    });
}
