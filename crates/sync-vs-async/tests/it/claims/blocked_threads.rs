//! What a blocked thread holds up.

use super::*;

#[test]
fn an_async_sleep_lets_the_others_go_on() {
    everywhere(|world| {
        let entries = what_goes_on_during(world, async { sleep(ms(50)).await });
        assert_eq!(entries, ["begins", "beat", "beat", "beat", "ends"]);
    });
}

#[test]
fn a_blocking_sleep_holds_up_its_whole_task() {
    everywhere(|world| {
        let entries = what_goes_on_during(world, async { thread::sleep(ms(5)) });
        assert_eq!(entries, ["begins", "ends", "beat", "beat", "beat"]);
    });
}

/// The order of events when a heart beats three times in the same task as this wait.
fn what_goes_on_during(world: World, wait: impl Future<Output = ()>) -> Vec<String> {
    let log = Log::default();
    let waiter = async {
        log.say("begins");
        wait.await;
        log.say("ends");
    };
    let heart = async {
        for _ in 0..3 {
            log.say("beat");
            yield_now().await;
        }
    };
    world.run(async { tokio::join!(waiter, heart) });
    log.entries()
}

#[test]
fn a_blocking_sleep_in_a_task_holds_up_all_tasks_on_one_thread() {
    on_one_thread(|world| {
        let log = Log::default();
        world.run(async {
            let says = |what: &'static str| {
                let log = log.clone();
                tokio::spawn(async move { log.say(what) })
            };
            let blocks = {
                let log = log.clone();
                tokio::spawn(async move {
                    thread::sleep(ms(5));
                    log.say("has blocked");
                })
            };
            let others = ["second", "third"].map(says);
            await_together(others).await;
            blocks.await.unwrap();
        });

        assert_eq!(log.entries(), ["has blocked", "second", "third"]);
    });
}

#[test]
fn the_timeline_shows_who_was_held_up_and_by_whom_in_real_time() {
    on_the_real_clock(|world| {
        let (_, recording) = world.record(async {
            let (answer, answered) = oneshot::channel::<()>();
            let users = async { answered.await.unwrap() };
            let orders = async {
                // From here on `users` is ready, and nothing polls it.
                answer.send(()).unwrap();
                naive::ask("orders", ms(20)).await
            };
            tokio::join!(users.lane("users"), orders.lane("orders"))
        });

        let name = |lane: usize| recording.lanes[lane].name.as_str();
        let held_up: Vec<_> = recording.held_up().filter_map(|held| Some((name(held.lane), name(held.by?)))).collect();
        assert!(held_up.contains(&("users", "orders")), "{held_up:?}");
    });
}

#[test]
fn as_many_blocked_tasks_as_workers_stop_a_multi_thread_runtime() {
    with_several_workers(|world| {
        let workers = workers(world);
        let log = Log::default();
        world.run(async {
            let ((blocks, all_block), mut releases) = (blocking::channel(), Vec::new());
            for _ in 0..workers {
                let ((release, waits), blocks) = (blocking::channel::<()>(), blocks.clone());
                tokio::spawn(async move {
                    blocks.send(()).unwrap();
                    waits.recv().unwrap_err();
                });
                releases.push(release);
            }
            // Here, on the thread of `block_on`, which is no worker.
            assert_eq!(all_block.iter().take(workers).count(), workers);

            let third = {
                let log = log.clone();
                tokio::spawn(async move { log.say("one more task runs") })
            };
            // On any free worker a task that only writes a line is done long before.
            for _ in 0..1_000 {
                thread::yield_now();
            }
            log.say("the workers are released");
            drop(releases);
            third.await.unwrap();
        });

        assert_eq!(log.entries(), ["the workers are released", "one more task runs"]);
    });
}
