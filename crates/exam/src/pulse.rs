//! What a run does while no call begins or ends: whether its thread wakes up, and whether anything can wake it.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll, Wake, Waker};
use std::time::Duration;

use timeline::{Micros, Recording};
use tokio::time::timeout;

use crate::fault::{Fault, seconds};

/// How often Tokio's timers may wake the thread although none of them ends: at most once for each level of their wheel.
const WHEEL: u64 = 6;

const HALF_AN_HOUR: Micros = 1_800_000_000;

/// A timer further away than this does not count: Tokio's own timers for "never" are decades away.
const FAR: Duration = Duration::from_hours(10_000);

/// The moments at which the runtime's thread woke up.
#[derive(Debug, Default)]
pub(crate) struct Pulse {
    count: AtomicU64,
    last: AtomicU64,
    /// At how many moments it woke up in the second half hour.
    late: AtomicU64,
    /// Whether the answer is pending and nothing has its waker.
    deaf: AtomicBool,
    /// The end of the next timer after the hour in which a run must end; 0 if there is none.
    timer: AtomicU64,
}

impl Pulse {
    /// The thread woke up at this moment.
    pub(crate) fn beat(&self, now: Micros) {
        self.count.fetch_add(1, Ordering::Relaxed);
        if self.last.swap(now, Ordering::Relaxed) < now && now > HALF_AN_HOUR {
            self.late.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often the thread woke up.
    pub(crate) fn beats(&self) -> u64 {
        self.count.load(Ordering::Relaxed)
    }

    /// Whether the answer is pending and nothing has its waker.
    pub(crate) fn is_deaf(&self) -> bool {
        self.deaf.load(Ordering::Relaxed)
    }

    /// When the next timer of a stuck run ends, if it has one.
    pub(crate) fn next_timer(&self) -> Option<Micros> {
        Some(self.timer.load(Ordering::Relaxed)).filter(|timer| *timer > 0)
    }

    /// Waits until something wakes a stuck run. Only a timer can.
    pub(crate) async fn look_ahead(&self, run: impl Future) {
        let mut run = pin!(run);
        let mut looks = 0;
        let woken = poll_fn(|context| {
            looks += 1;
            if looks > 1 { Poll::Ready(()) } else { run.as_mut().poll(context).map(|_| ()) }
        });
        // The end of this wait also wakes it.
        let _ = timeout(FAR, woken).await;
        let at = self.last.load(Ordering::Relaxed);
        if u128::from(at) < FAR.as_micros() {
            self.timer.store(at, Ordering::Relaxed);
        }
    }

    /// The fault of a run that still does something when its hour is over; `None` if it is stuck.
    pub(crate) fn busy(&self, recording: &Recording) -> Option<Fault> {
        (self.late.load(Ordering::Relaxed) > WHEEL).then(|| going_on(self.beats(), recording, 2 * HALF_AN_HOUR))
    }
}

/// The fault of a run that wakes up again and again, and does not end.
pub(crate) fn going_on(wakes: u64, recording: &Recording, now: Micros) -> Fault {
    let (now, calls) = (seconds(now), recording.lanes.len());
    Fault::new(
        format!(
            "Your answer does not end. On the virtual clock, {now} have passed. It woke up {wakes} times. Calls so far: {calls}."
        ),
        "It waits, wakes up, and waits again: a loop that never ends. What should end the loop never happens, or the loop never looks at it.",
    )
}

/// Awaits a future, and notes if it is pending while nothing has its waker.
pub(crate) async fn unless_deaf<F: Future>(future: F, pulse: &Pulse) -> F::Output {
    struct PassesOn(Waker);

    impl Wake for PassesOn {
        fn wake(self: Arc<Self>) {
            self.0.wake_by_ref();
        }
    }

    let mut future = pin!(future);
    let mut kept = Arc::new(PassesOn(Waker::noop().clone()));
    poll_fn(move |context| {
        if !kept.0.will_wake(context.waker()) {
            kept = Arc::new(PassesOn(context.waker().clone()));
        }
        let waker = Waker::from(Arc::clone(&kept));
        let polled = future.as_mut().poll(&mut Context::from_waker(&waker));
        drop(waker);
        pulse.deaf.store(polled.is_pending() && Arc::strong_count(&kept) == 1, Ordering::Relaxed);
        polled
    })
    .await
}
