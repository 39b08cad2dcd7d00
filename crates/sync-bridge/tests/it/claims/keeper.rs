//! Async code uses a value that blocks.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::{Arc, mpsc};
use std::thread;

use futures::poll;
use room::on_the_real_clock;
use sync_bridge::{CallError, Keeper};
use tokio::sync::oneshot;

use super::{Gone, LIMIT, Slow, becomes, is};

/// A job that has begun, and ends when the other end is dropped.
fn gate() -> (mpsc::Sender<()>, oneshot::Receiver<()>, impl FnOnce() + Send) {
    let (release, released) = mpsc::channel::<()>();
    let (begun, has_begun) = oneshot::channel();
    let wait = move || {
        begun.send(()).unwrap();
        let _ = released.recv_timeout(LIMIT);
    };
    (release, has_begun, wait)
}

#[test]
fn a_keeper_runs_jobs_one_at_a_time_in_the_order_of_asking() {
    on_the_real_clock(|world| {
        world.run(async {
            let keeper = Keeper::start("numbers", 8, Vec::new).unwrap();
            let push = |number| keeper.run(move |numbers| numbers.push(number));
            let (one, two, three) = tokio::join!(biased; push(1), push(2), push(3));
            assert_eq!([one, two, three], [Ok(()), Ok(()), Ok(())]);
            assert_eq!(keeper.run(|numbers| numbers.clone()).await, Ok(vec![1, 2, 3]));
        });
    });
}

#[test]
fn the_value_of_a_keeper_need_not_be_send_and_stays_on_its_thread() {
    on_the_real_clock(|world| {
        world.run(async {
            let make = || (Rc::new(Cell::new(1)), thread::current().id());
            let keeper = Keeper::start("counter", 8, make).unwrap();
            let seen = keeper.run(|(count, home)| {
                count.set(count.get() + 1);
                (count.get(), *home == thread::current().id(), thread::current().name().map(str::to_owned))
            });
            assert_eq!(seen.await, Ok((2, true, Some("counter".to_owned()))));
        });
    });
}

#[test]
fn while_a_keeper_works_the_other_tasks_go_on() {
    on_the_real_clock(|world| {
        world.run(async {
            let keeper = Keeper::start("value", 8, || ()).unwrap();
            let (sender, receiver) = mpsc::channel();
            // The job ends only when another task has run.
            let job = keeper.run(move |()| receiver.recv_timeout(LIMIT));
            let other = async { tokio::spawn(async move { sender.send(7).unwrap() }).await.unwrap() };
            assert_eq!(tokio::join!(job, other).0, Ok(Ok(7)));
        });
    });
}

#[test]
fn a_caller_that_gives_up_takes_back_a_job_that_has_not_begun() {
    on_the_real_clock(|world| {
        world.run(async {
            let keeper = Keeper::start("numbers", 8, Vec::new).unwrap();
            let (release, has_begun, wait) = gate();
            let mut first = Box::pin(keeper.run(move |numbers| {
                wait();
                numbers.push(1);
            }));
            assert!(poll!(&mut first).is_pending());
            has_begun.await.unwrap();
            let mut second = Box::pin(keeper.run(|numbers| numbers.push(2)));
            assert!(poll!(&mut second).is_pending());
            drop((first, second));
            drop(release);
            assert_eq!(keeper.run(|numbers| numbers.clone()).await, Ok(vec![1]), "what had begun ran to its end");
        });
    });
}

#[test]
fn callers_of_a_full_keeper_wait() {
    on_the_real_clock(|world| {
        world.run(async {
            let keeper = Keeper::start("numbers", 1, Vec::new).unwrap();
            let (release, has_begun, wait) = gate();
            let mut first = Box::pin(keeper.run(move |_| wait()));
            assert!(poll!(&mut first).is_pending());
            has_begun.await.unwrap();
            let (accepted, refused) = (Arc::new(2), Arc::new(3));
            let ask = |number: &Arc<i32>| {
                let number = Arc::clone(number);
                Box::pin(keeper.run(move |numbers: &mut Vec<i32>| numbers.push(*number)))
            };
            let (mut second, mut third) = (ask(&accepted), ask(&refused));
            assert!(poll!(&mut second).is_pending());
            assert!(poll!(&mut third).is_pending());
            // The second job is in the queue, and the third one is still its caller's.
            drop((second, third));
            assert_eq!([accepted, refused].map(|number| Arc::strong_count(&number)), [2, 1]);
            drop(release);
            assert_eq!(first.await, Ok(()));
        });
    });
}

#[test]
fn a_panic_of_a_job_is_an_error_and_ends_the_keeper() {
    on_the_real_clock(|world| {
        world.run(async {
            let (held, gone) = Gone::new();
            let keeper = Keeper::start("value", 8, move || held).unwrap();
            let said = keeper.run(|_| panic!("half written")).await;
            assert_eq!(said, Err::<(), _>(CallError::Panicked("half written".to_owned())));
            assert_eq!(keeper.run(|_| 1).await, Err(CallError::Stopped));
            keeper.stop().await;
            assert!(is(&gone));
        });
    });
}

#[test]
fn stopping_a_keeper_runs_the_accepted_jobs_and_drops_the_value() {
    on_the_real_clock(|world| {
        world.run(async {
            let (held, seen) = Slow::new();
            let keeper = Keeper::start("value", 8, move || held).unwrap();
            let (release, has_begun, wait) = gate();
            let (sender, receiver) = mpsc::channel();
            let mut first = Box::pin(keeper.run(move |_| wait()));
            assert!(poll!(&mut first).is_pending());
            has_begun.await.unwrap();
            let mut second = Box::pin(keeper.run(move |_| sender.send(()).unwrap()));
            assert!(poll!(&mut second).is_pending());
            // Its caller is still there when the job begins.
            drop(release);
            assert_eq!(second.await, Ok(()));
            drop(first);
            keeper.stop().await;
            assert!(seen.was_waited_for());
            assert_eq!(receiver.recv(), Ok(()));
        });
    });
}

#[test]
fn a_dropped_keeper_ends_its_thread() {
    on_the_real_clock(|world| {
        let (held, gone) = Gone::new();
        world.run(async move { drop(Keeper::start("value", 8, move || held).unwrap()) });
        assert!(becomes(&gone));
    });
}
