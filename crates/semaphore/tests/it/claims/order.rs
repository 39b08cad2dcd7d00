//! Who comes next.

use timeline::{Clock, LaneExt, record};
use tokio::sync::Semaphore;
use tokio::time::{sleep, timeout};
use tokio_test::task::spawn;
use tokio_test::{assert_pending, assert_ready};

use super::{ms, permits, work};

#[test]
fn first_come_first_served() {
    let (_, recording) = record(Clock::Virtual, async {
        let semaphore = Semaphore::new(1);
        let visit = async |name: &'static str, after| {
            sleep(ms(after)).await;
            semaphore::with_permit(&semaphore, work(100).lane(name)).await
        };
        tokio::join!(visit("third", 30), visit("first", 10), visit("second", 20))
    });
    let finished: Vec<_> = recording.finish_order().into_iter().filter(|name| *name != "work").collect();
    assert_eq!(finished, ["first", "second", "third"]);
}

#[test]
fn the_place_is_taken_at_the_first_poll_and_not_at_the_call() {
    let semaphore = Semaphore::new(0);
    let mut called_first = spawn(semaphore.acquire());
    let mut polled_first = spawn(semaphore.acquire());
    assert_pending!(polled_first.poll());
    assert_pending!(called_first.poll());
    semaphore.add_permits(1);
    assert_pending!(called_first.poll());
    assert!(assert_ready!(polled_first.poll()).is_ok());
}

#[test]
fn a_waiter_that_gives_up_loses_its_place() {
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
}

#[test]
fn whoever_wants_many_makes_those_behind_wait_though_permits_are_free() {
    let semaphore = Semaphore::new(2);
    let mut many = spawn(semaphore.acquire_many(3));
    let mut one = spawn(semaphore.acquire());
    assert_pending!(many.poll());
    assert_pending!(one.poll());
    drop(many);
    assert!(assert_ready!(one.poll()).is_ok());
}

#[test]
fn whoever_asks_for_one_is_served_after_whoever_asked_for_many_before() {
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
}

#[test]
fn several_permits_are_handed_out_together() {
    let semaphore = Semaphore::new(2);
    let mut three = spawn(semaphore.acquire_many(3));
    assert_pending!(three.poll());
    semaphore.add_permits(1);
    let permits = assert_ready!(three.poll()).unwrap();
    assert_eq!(permits.num_permits(), 3);
    assert_eq!(semaphore.available_permits(), 0);
}

#[test]
fn a_free_permit_is_taken_without_waiting() {
    let semaphore = Semaphore::new(1);
    let permit = semaphore.try_acquire().unwrap();
    assert!(semaphore.try_acquire().is_err());
    drop(permit);
    assert!(assert_ready!(spawn(semaphore.acquire()).poll()).is_ok());
}

#[test]
fn a_waiter_that_is_not_polled_keeps_the_permit_that_it_was_handed() {
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
}

#[tokio::test(start_paused = true)]
async fn whoever_holds_the_only_permit_and_wants_another_waits_for_ever() {
    let semaphore = permits(1);
    let nested = semaphore::with_permit(&semaphore, semaphore::with_permit(&semaphore, work(100)));
    assert!(timeout(ms(60_000), nested).await.is_err());
}

#[tokio::test(start_paused = true)]
async fn n_that_each_hold_one_of_n_and_want_another_wait_for_ever() {
    let semaphore = permits(2);
    let nested = || async {
        let _first = semaphore.acquire().await?;
        sleep(ms(10)).await;
        semaphore.acquire().await.map(drop)
    };
    assert!(timeout(ms(60_000), async { tokio::join!(nested(), nested()) }).await.is_err());
}
