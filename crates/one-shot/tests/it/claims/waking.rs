//! A signal, and how it is lost.

use std::future::Ready;

use super::*;

/// A change that comes between the look and the wait: the first look sees nothing, and meanwhile it happens.
#[derive(Default)]
struct JustMissed {
    happened: Cell<bool>,
    changed: Notify,
}

impl JustMissed {
    fn look(&self, notify: fn(&Notify)) -> Ready<Option<&'static str>> {
        if self.happened.replace(true) {
            return ready(Some("seen"));
        }
        notify(&self.changed);
        ready(None)
    }
}

#[test]
fn wait_until_misses_no_change_between_the_check_and_the_wait() {
    everywhere(|world| {
        world.run(async {
            for notify in [Notify::notify_waiters, Notify::notify_one] {
                let missed = JustMissed::default();
                let seen = wait_until(&missed.changed, || missed.look(notify));
                assert_eq!(seen.now_or_never(), Some("seen"));
            }
        });
    });
}

#[test]
fn the_naive_wait_until_misses_a_notify_waiters_between_the_check_and_the_wait() {
    everywhere(|world| {
        world.run(async {
            let missed = JustMissed::default();
            let mut waiting = pin!(naive::wait_until(&missed.changed, || missed.look(Notify::notify_waiters)));
            for _ in 0..100 {
                assert!(poll!(&mut waiting).is_pending());
                yield_now().await;
            }
            // The next change wakes it.
            missed.changed.notify_waiters();
            assert_eq!(waiting.await, "seen");
        });
    });
}

#[test]
fn notify_one_is_kept_for_a_single_naive_waiter() {
    everywhere(|world| {
        world.run(async {
            let missed = JustMissed::default();
            let seen = naive::wait_until(&missed.changed, || missed.look(Notify::notify_one));
            assert_eq!(seen.now_or_never(), Some("seen"));
        });
    });
}

#[test]
fn two_notify_one_calls_wake_one_of_two_notified_futures_that_were_not_enabled() {
    everywhere(|world| {
        world.run(async {
            let signal = Notify::new();
            let (first, second) = (signal.notified(), signal.notified());
            signal.notify_one();
            signal.notify_one();
            assert_eq!((is_pending(first).await, is_pending(second).await), (false, true));
        });
    });
}

#[test]
fn of_two_notified_that_were_enabled_two_notify_one_wake_both() {
    everywhere(|world| {
        world.run(async {
            let signal = Notify::new();
            let (mut first, mut second) = (Box::pin(signal.notified()), Box::pin(signal.notified()));
            assert!(!first.as_mut().enable() && !second.as_mut().enable());
            signal.notify_one();
            signal.notify_one();
            assert_eq!((is_pending(first).await, is_pending(second).await), (false, false));
        });
    });
}

#[test]
fn with_several_waiters_wait_until_loses_no_notify_one_while_they_look() {
    everywhere(|world| {
        world.run(async {
            let (free, changed) = (Cell::new(0_u32), Notify::new());
            // An answer "nothing is free" takes its time, and meanwhile something is.
            let take = async || {
                let left = free.get().checked_sub(1);
                free.set(left.unwrap_or(0));
                if left.is_none() {
                    yield_now().await;
                }
                left
            };
            let mut waiters = [Box::pin(wait_until(&changed, take)), Box::pin(wait_until(&changed, take))];
            for waiter in &mut waiters {
                assert!(poll!(waiter).is_pending());
            }
            for _ in 0..2 {
                free.update(|free| free + 1);
                changed.notify_one();
            }
            for waiter in waiters {
                assert!(waiter.now_or_never().is_some());
            }
        });
    });
}

#[test]
fn a_notified_that_is_dropped_passes_its_notify_one_on() {
    everywhere(|world| {
        world.run(async {
            let signal = Notify::new();
            let (mut first, mut second) = (Box::pin(signal.notified()), Box::pin(signal.notified()));
            first.as_mut().enable();
            second.as_mut().enable();
            signal.notify_one();
            drop(first);
            assert!(!is_pending(second).await);
        });
    });
}

#[test]
fn a_wait_until_that_is_dropped_during_its_check_uses_up_a_notify_one() {
    everywhere(|world| {
        world.run(async {
            let (signal, free) = (Notify::new(), Cell::new(false));
            let look = || async {
                if free.get() {
                    // The answer takes its time.
                    yield_now().await;
                }
                free.get().then_some(())
            };
            let mut first = Box::pin(wait_until(&signal, look));
            let mut second = Box::pin(wait_until(&signal, look));
            assert!(poll!(&mut first).is_pending() && poll!(&mut second).is_pending());
            free.set(true);
            signal.notify_one();
            // Woken, it looks again, and gives up there.
            assert!(poll!(&mut first).is_pending());
            drop(first);
            for _ in 0..100 {
                assert!(poll!(&mut second).is_pending());
                yield_now().await;
            }
        });
    });
}
