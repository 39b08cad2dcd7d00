//! What several workers change, as under a plain `#[tokio::main]`.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Barrier, mpsc};
use std::thread;

use futures::future::{Either, join_all, select};
use room::{World, on_one_thread, with_several_workers};
use tokio::task::{block_in_place, spawn_blocking, yield_now};

use super::{Heart, LIMIT, PAUSE, WHILE_IT_IS_HELD};

fn workers(world: World) -> usize {
    let World::Workers(count) = world else { unreachable!("{world} has no workers") };
    count
}

#[test]
fn inline_work_stops_only_its_own_worker_with_several_workers() {
    with_several_workers(|world| {
        world.run(async {
            let heart = Heart::start(world);
            assert!(tokio::spawn(async move { heart.beats_three_times() }).await.unwrap());
        });
    });
}

#[test]
fn work_inline_in_main_stops_no_worker_with_several_workers() {
    with_several_workers(|world| {
        // The future of `main` runs on the thread of `block_on`.
        world.run(async { assert!(Heart::start(world).beats_three_times()) });
    });
}

#[test]
fn work_inline_on_each_of_several_workers_stops_the_heart() {
    with_several_workers(|world| {
        world.run(async {
            let heart = Heart::start(world);
            heart.beats_again().await;
            let meeting = Arc::new(Barrier::new(workers(world)));
            let work = |_| {
                let (heart, meeting) = (heart.clone(), meeting.clone());
                tokio::spawn(async move {
                    // All workers are here, and stay until the beats are counted.
                    meeting.wait();
                    let beats = heart.beats_during(|| thread::sleep(5 * PAUSE));
                    meeting.wait();
                    beats
                })
            };
            let beats = join_all((0..workers(world)).map(work)).await;
            assert!(beats.into_iter().all(|beats| beats.unwrap() == 0));
            heart.beats_again().await;
        });
    });
}

#[test]
fn the_task_that_inline_work_spawned_last_waits_for_it_with_several_workers() {
    with_several_workers(|world| {
        let work = async {
            let (runs, ran) = mpsc::channel();
            tokio::spawn(async move { runs.send(()).unwrap() });
            (ran.recv_timeout(WHILE_IT_IS_HELD), ran)
        };
        world.run(async {
            let (meanwhile, ran) = tokio::spawn(work).await.unwrap();
            assert!(meanwhile.is_err());
            spawn_blocking(move || ran.recv_timeout(LIMIT).unwrap()).await.unwrap();
        });
    });
}

#[test]
fn block_in_place_on_each_of_several_workers_lets_the_heart_beat() {
    with_several_workers(|world| {
        world.run(async {
            let heart = Heart::start(world);
            let meeting = Arc::new(Barrier::new(workers(world)));
            let work = |_| {
                let (heart, meeting) = (heart.clone(), meeting.clone());
                tokio::spawn(async move {
                    block_in_place(|| {
                        // All workers block here, and go on only after the beats.
                        meeting.wait();
                        heart.beats_three_times()
                    })
                })
            };
            let beats = join_all((0..workers(world)).map(work)).await;
            assert!(beats.into_iter().all(Result::unwrap));
        });
    });
}

#[test]
fn block_in_place_stops_the_other_futures_of_its_own_task() {
    with_several_workers(|world| {
        let task = async move {
            let heart = Heart(Arc::default());
            let blocks = async {
                heart.beats_again().await;
                block_in_place(|| heart.beats_during(|| thread::sleep(5 * PAUSE)))
            };
            match select(Box::pin(blocks), Box::pin(heart.clone().beat(world))).await {
                Either::Left((beats, _)) => beats,
                Either::Right(_) => unreachable!("a heart beats for ever"),
            }
        };
        assert_eq!(world.run(async { tokio::spawn(task).await.unwrap() }), 0);
    });
}

#[test]
fn abort_does_not_stop_block_in_place() {
    with_several_workers(|world| {
        world.run(async {
            let (begins, begun) = mpsc::channel();
            let (release, released) = mpsc::channel();
            let task = tokio::spawn(async move {
                block_in_place(|| {
                    begins.send("begins").unwrap();
                    released.recv_timeout(LIMIT).unwrap();
                    begins.send("ends").unwrap();
                });
            });
            assert_eq!(begun.recv_timeout(LIMIT).unwrap(), "begins");
            task.abort();
            yield_now().await;
            release.send(()).unwrap();
            let _ = task.await;
            assert_eq!(begun.try_recv().unwrap(), "ends");
        });
    });
}

#[test]
fn block_in_place_panics_on_one_thread() {
    on_one_thread(|world| {
        let task = || world.run(async { block_in_place(|| ()) });
        let panic = catch_unwind(AssertUnwindSafe(task)).unwrap_err();
        let words = panic.downcast_ref::<String>().unwrap();
        assert!(words.starts_with("can call blocking only when running on the multi-threaded runtime"), "{words}");
    });
}
