//! Who comes next.

use room::everywhere;
use timeline::LaneExt;
use tokio::sync::{Barrier, Semaphore};
use tokio::time::sleep;
use tokio_test::task::spawn;
use tokio_test::{assert_pending, assert_ready};

use super::{by_hand, ms, permits, waits_for_ever, work};

#[test]
fn first_come_first_served() {
    everywhere(|world| {
        let (_, recording) = world.record(async {
            let semaphore = Semaphore::new(1);
            let visit = async |name: &'static str, after| {
                sleep(ms(after)).await;
                semaphore::with_permit(&semaphore, work(20).lane(name)).await
            };
            tokio::join!(visit("third", 15), visit("first", 5), visit("second", 10))
        });
        let finished: Vec<_> = recording.finish_order().into_iter().filter(|name| *name != "work").collect();
        assert_eq!(finished, ["first", "second", "third"]);
    });
}

#[test]
fn the_place_is_taken_at_the_first_poll_and_not_at_the_call() {
    by_hand(|| {
        let semaphore = Semaphore::new(0);
        let mut called_first = spawn(semaphore.acquire());
        let mut polled_first = spawn(semaphore.acquire());
        assert_pending!(polled_first.poll());
        assert_pending!(called_first.poll());
        semaphore.add_permits(1);
        assert_pending!(called_first.poll());
        assert!(assert_ready!(polled_first.poll()).is_ok());
    });
}

#[test]
fn a_waiter_that_gives_up_loses_its_place() {
    by_hand(|| {
        let semaphore = Semaphore::new(0);
        let mut impatient = spawn(semaphore.acquire());
        let mut patient = spawn(semaphore.acquire());
        assert_pending!(impatient.poll());
        assert_pending!(patient.poll());
        drop(impatient);
        let mut again = spawn(semaphore.acquire());
        assert_pending!(again.poll());
        semaphore.add_permits(1);
        assert_pending!(again.poll());
        assert!(assert_ready!(patient.poll()).is_ok());
    });
}

#[test]
fn a_task_that_wants_many_makes_those_behind_it_wait_though_permits_are_free() {
    by_hand(|| {
        let semaphore = Semaphore::new(2);
        let mut many = spawn(semaphore.acquire_many(3));
        let mut one = spawn(semaphore.acquire());
        assert_pending!(many.poll());
        assert_pending!(one.poll());
        drop(many);
        assert!(assert_ready!(one.poll()).is_ok());
    });
}

#[test]
fn a_task_that_asks_for_one_is_served_after_a_task_that_asked_for_many_before() {
    by_hand(|| {
        let semaphore = Semaphore::new(3);
        let third = semaphore.try_acquire().unwrap();
        let mut many = spawn(semaphore.acquire_many(3));
        let mut one = spawn(semaphore.acquire());
        assert_pending!(many.poll());
        assert_pending!(one.poll());
        drop(third);
        let three = assert_ready!(many.poll()).unwrap();
        assert_pending!(one.poll());
        drop(three);
        assert!(assert_ready!(one.poll()).is_ok());
    });
}

#[test]
fn several_permits_are_handed_out_together() {
    by_hand(|| {
        let semaphore = Semaphore::new(2);
        let mut three = spawn(semaphore.acquire_many(3));
        assert_pending!(three.poll());
        semaphore.add_permits(1);
        let permits = assert_ready!(three.poll()).unwrap();
        assert_eq!(permits.num_permits(), 3);
        assert_eq!(semaphore.available_permits(), 0);
    });
}

#[test]
fn a_free_permit_is_taken_without_waiting() {
    by_hand(|| {
        let semaphore = Semaphore::new(1);
        let permit = semaphore.try_acquire().unwrap();
        assert!(semaphore.try_acquire().is_err());
        drop(permit);
        assert!(assert_ready!(spawn(semaphore.acquire()).poll()).is_ok());
    });
}

#[test]
fn a_waiter_that_is_not_polled_keeps_the_permit_that_it_was_handed() {
    by_hand(|| {
        let semaphore = Semaphore::new(1);
        let permit = semaphore.try_acquire().unwrap();
        let mut forgotten = spawn(semaphore.acquire());
        let mut next = spawn(semaphore.acquire());
        assert_pending!(forgotten.poll());
        assert_pending!(next.poll());
        drop(permit);
        assert_pending!(next.poll());
        drop(forgotten);
        assert!(assert_ready!(next.poll()).is_ok());
    });
}

#[test]
fn a_task_that_holds_the_only_permit_and_wants_another_waits_for_ever() {
    everywhere(|world| {
        world.run(async {
            let semaphore = permits(1);
            let nested = semaphore::with_permit(&semaphore, semaphore::with_permit(&semaphore, work(1)));
            assert!(waits_for_ever(world, nested).await);
        });
    });
}

#[test]
fn n_tasks_that_each_hold_one_of_n_and_want_another_wait_for_ever() {
    everywhere(|world| {
        world.run(async {
            let (semaphore, barrier) = (permits(2), Barrier::new(2));
            let nested = || async {
                let _first = semaphore.acquire().await?;
                barrier.wait().await;
                semaphore.acquire().await.map(drop)
            };
            assert!(waits_for_ever(world, async { tokio::join!(nested(), nested()) }).await);
        });
    });
}
