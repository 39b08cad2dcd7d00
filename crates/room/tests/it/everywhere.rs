//! A claim that is false somewhere is caught there.

use std::cell::RefCell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use room::{World, everywhere, on_one_thread, on_the_paused_clock, on_the_real_clock, with_several_workers};
use timeline::LaneExt;
use tokio::sync::oneshot;
use tokio::time::{sleep, timeout};

fn ms(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

/// The worlds in which a claim is tried until it fails.
fn worlds(prove: impl Fn(&dyn Fn(World)), claim: impl Fn(World)) -> Vec<World> {
    let seen = RefCell::new(Vec::new());
    let _ = catch_unwind(AssertUnwindSafe(|| {
        prove(&|world| {
            seen.borrow_mut().push(world);
            claim(world);
        });
    }));
    let mut seen = seen.into_inner();
    seen.dedup();
    seen
}

#[test]
fn each_way_to_prove_a_claim_visits_its_worlds() {
    use World::{OneThread, Paused, Workers};
    let nothing = |_| {};
    assert_eq!(worlds(|claim| everywhere(claim), nothing), [Paused, OneThread, Workers(2), Workers(4)]);
    assert_eq!(worlds(|claim| on_the_paused_clock(claim), nothing), [Paused]);
    assert_eq!(worlds(|claim| on_one_thread(claim), nothing), [Paused, OneThread]);
    assert_eq!(worlds(|claim| on_the_real_clock(claim), nothing), [OneThread, Workers(2), Workers(4)]);
    assert_eq!(worlds(|claim| with_several_workers(claim), nothing), [Workers(2), Workers(4)]);
}

#[test]
fn a_claim_that_holds_on_the_paused_clock_only_fails_in_real_time() {
    let claim = |world: World| {
        let in_time = world.run(async {
            let (sender, receiver) = oneshot::channel();
            let sender = tokio::spawn(async move { sender.send(()) });
            let in_time = timeout(Duration::ZERO, receiver).await.is_ok();
            sender.await.unwrap().ok();
            in_time
        });
        assert!(!in_time, "a timeout of zero does not wait");
    };
    assert_eq!(worlds(|claim| on_the_paused_clock(claim), claim), [World::Paused]);
    assert_eq!(worlds(|claim| everywhere(claim), claim).last(), Some(&World::OneThread));
}

#[test]
fn lanes_of_spawned_tasks_are_recorded_on_every_worker() {
    everywhere(|world| {
        let (names, recording) = world.record_spawned(async {
            let tasks = ["a", "b", "c"].map(|name| tokio::spawn(async {}.lane(name)));
            for task in tasks {
                task.await.unwrap();
            }
            let on_the_pool = tokio::task::spawn_blocking(|| timeline::lane_blocking("pool", || "d")());
            on_the_pool.await.unwrap()
        });
        assert_eq!(names, "d");
        let mut finished = recording.finish_order();
        finished.sort_unstable();
        assert_eq!(finished, ["a", "b", "c", "pool"]);
    });
}

#[test]
fn a_measured_time_is_exact_on_the_paused_clock_and_at_least_as_long_elsewhere() {
    everywhere(|world| {
        let ((), recording) = world.record(async { sleep(ms(7)).lane("sleep").await });
        world.assert_took(recording.total(), ms(7));
    });
    let too_short = |world: World| world.assert_took(6_999, ms(7));
    let too_long = |world: World| world.assert_took(7_001, ms(7));
    assert_eq!(worlds(|claim| on_the_real_clock(claim), too_short), [World::OneThread]);
    assert_eq!(worlds(|claim| everywhere(claim), too_long), [World::Paused]);
    assert_eq!(worlds(|claim| on_the_real_clock(claim), too_long).len(), 3);
}
