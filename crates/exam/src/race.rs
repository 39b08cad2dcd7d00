//! Races between threads, which no clock can play.

use std::hint;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::mpsc;
use std::thread;
use std::time::{Duration, Instant};

/// How often two threads meet.
const ROUNDS: u32 = 2_000;

/// How often they arrive for each meeting.
const ARRIVALS: u32 = 4;

/// The most time that they may take. On a busy machine they meet less often.
const AT_MOST: Duration = Duration::from_millis(600);

/// Runs `race` on two threads at the same instant, again and again, and gives the results of each pair to `after`.
///
/// Both begin within some nanoseconds. So in one of many rounds, one thread comes between a check of the other and the step that follows it.
///
/// ```
/// use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
/// use exam::twice_at_once;
///
/// let place = AtomicU32::new(0);
/// let takes = || place.compare_exchange(0, 1, SeqCst, SeqCst).is_ok();
/// twice_at_once(takes, |took| {
///     assert_ne!(took[0], took[1], "only one of them takes the place");
///     place.store(0, SeqCst);
/// });
/// ```
///
/// # Panics
///
/// If `race` or `after` panics.
pub fn twice_at_once<T: Send>(race: impl Fn() -> T + Sync, mut after: impl FnMut([T; 2])) {
    let arrived = AtomicU32::new(0);
    let begun = Instant::now();
    // Returns whether the other thread came.
    let arrive = |arrival: u32| {
        arrived.fetch_add(1, Ordering::SeqCst);
        let mut spins = 0_u32;
        while arrived.load(Ordering::SeqCst) < 2 * arrival {
            if begun.elapsed() > AT_MOST {
                return false;
            }
            spins += 1;
            if spins.is_multiple_of(1_000) {
                thread::yield_now();
            }
            hint::spin_loop();
        }
        true
    };
    // They arrive several times, so that in the end both have a processor and leave together.
    let meet = |meeting: u32| (1..=ARRIVALS).all(|arrival| arrive(ARRIVALS * meeting + arrival));
    let (race, meet) = (&race, &meet);
    let (send, theirs) = mpsc::channel();
    thread::scope(|scope| {
        scope.spawn(move || {
            (0..ROUNDS).all(|round| meet(2 * round) && send.send(race()).is_ok() && meet(2 * round + 1))
        });
        for round in 0..ROUNDS {
            if !meet(2 * round) {
                return;
            }
            let mine = race();
            if !meet(2 * round + 1) {
                return;
            }
            if let Ok(theirs) = theirs.recv() {
                after([mine, theirs]);
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_between_a_check_and_its_step_is_found() {
        if thread::available_parallelism().map_or(1, usize::from) < 2 {
            return;
        }
        let place = AtomicU32::new(0);
        let (mut pairs, mut both) = (0, 0);
        let looks_and_takes = || {
            let free = place.load(Ordering::SeqCst) == 0;
            (0..100).for_each(|_| hint::spin_loop());
            place.store(1, Ordering::SeqCst);
            free
        };
        // On a busy machine the threads seldom have a processor each.
        for _ in 0..50 {
            twice_at_once(looks_and_takes, |took| {
                pairs += 1;
                both += u32::from(took == [true, true]);
                place.store(0, Ordering::SeqCst);
            });
            if both > 0 {
                return;
            }
        }
        panic!("both took the place in none of {pairs} rounds");
    }
}
