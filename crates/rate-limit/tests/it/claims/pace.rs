//! The slots that the chapter books, below "Many tasks".

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

struct Pace {
    interval: Duration,
    next: Mutex<Instant>,
}

impl Pace {
    async fn start(&self) {
        let mine = {
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            let mine = (*next).max(Instant::now());
            *next = mine + self.interval;
            mine
        };
        sleep_until(mine).await;
    }
}

// The chapter ends here.

use super::{Starts, ms, on_the_paused_clock, timeout};

impl Pace {
    fn ten_a_second() -> Self {
        Self { interval: ms(100), next: Mutex::new(Instant::now()) }
    }
}

#[test]
fn the_chapter_shows_the_pace_that_is_tested_here() {
    let tested = include_str!("pace.rs").split_once("\n\n").and_then(|(_, code)| code.split_once("\n// The chapter"));
    let (code, _tests) = tested.unwrap();
    assert!(include_str!("../../../README.md").contains(&format!("```rust\n{code}```")), "{code}");
}

#[test]
fn callers_who_book_a_slot_start_one_interval_apart_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let starts = world.run(async {
            let (pace, starts) = (Pace::ten_a_second(), Starts::new());
            let call = async || {
                pace.start().await;
                starts.now();
            };
            tokio::join!(call(), call(), call());
            super::sleep(ms(1_000)).await; // a pause saves up nothing
            tokio::join!(call(), call());
            starts.all()
        });
        assert_eq!(starts, [0, 100, 200, 1_200, 1_300]);
    });
}

#[test]
fn a_booked_slot_is_lost_when_its_caller_is_cancelled_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let starts = world.run(async {
            let (pace, starts) = (Pace::ten_a_second(), Starts::new());
            pace.start().await;
            assert!(timeout(ms(10), pace.start()).await.is_err());
            pace.start().await;
            starts.now();
            starts.all()
        });
        assert_eq!(starts, [200]);
    });
}
