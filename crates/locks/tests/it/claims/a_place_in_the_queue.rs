//! First come, first served.

use super::*;

#[test]
fn a_released_tokio_lock_goes_to_the_first_in_line_and_no_task_overtakes_it() {
    everywhere(|world| {
        world.run(async {
            let lock = Mutex::new(());
            let held = lock.lock().await;
            let mut first = Box::pin(lock.lock());
            assert!(futures::poll!(&mut first).is_pending());
            drop(held);
            // The first in line has not been polled since. The lock belongs to it all the same.
            assert!(lock.try_lock().is_err());
            drop(first.await);
            assert!(lock.try_lock().is_ok());
        });
    });
}

#[test]
fn a_waiter_that_gives_up_and_asks_again_is_served_last() {
    everywhere(|world| {
        let (shared, order) = (Shared::new(()), std::sync::Mutex::new(Vec::new()));
        let take_turn = async |name| {
            let _turn = shared.turn().await;
            order.lock().unwrap().push(name);
        };
        world.run(async {
            let held = shared.turn().await;
            let [mut impatient, mut patient] = ["impatient", "patient"].map(|name| Box::pin(take_turn(name)));
            assert!(futures::poll!(&mut impatient).is_pending());
            assert!(futures::poll!(&mut patient).is_pending());
            drop(impatient);
            let mut anew = Box::pin(take_turn("impatient"));
            assert!(futures::poll!(&mut anew).is_pending());
            drop(held);
            futures::join!(anew, patient);
        });
        assert_eq!(*order.lock().unwrap(), ["patient", "impatient"]);
    });
}

#[test]
fn a_borrowed_wait_keeps_its_place_through_a_timeout() {
    everywhere(|world| {
        let order = std::sync::Mutex::new(Vec::new());
        world.run(async {
            let lock = Mutex::new(());
            let take_turn = async |name| {
                let _turn = lock.lock().await;
                order.lock().unwrap().push(name);
            };
            let held = lock.lock().await;
            let [mut impatient, mut patient] = ["impatient", "patient"].map(|name| Box::pin(take_turn(name)));
            assert!(futures::poll!(&mut impatient).is_pending());
            assert!(futures::poll!(&mut patient).is_pending());
            timeout(ms(10), &mut impatient).await.unwrap_err();
            drop(held);
            futures::join!(impatient, patient);
        });
        assert_eq!(*order.lock().unwrap(), ["impatient", "patient"]);
    });
}

#[test]
fn a_waiter_that_gives_up_is_counted_no_longer() {
    everywhere(|world| {
        world.run(async {
            let shared = Shared::new(());
            let held = shared.turn().await;
            let mut waiting = Box::pin(shared.turn());
            assert!(futures::poll!(&mut waiting).is_pending());
            assert_eq!(shared.figures(), Figures { waiting: 1, served: 0 });
            drop(waiting);
            assert_eq!(shared.figures(), Figures { waiting: 0, served: 0 });
            drop(held);
            assert_eq!(shared.figures(), Figures { waiting: 0, served: 1 });
        });
    });
}
