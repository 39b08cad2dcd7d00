//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod asyncio;
mod attempts;
mod backon;
mod budgets;
mod deadlines;
mod naively;
mod once;
mod pauses;
mod twin;

use std::convert::identity;
use std::error::Error;
use std::future::{Ready, pending, ready};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use retry::{Advice, Budget, GaveUp, Policy, Why, full_jitter, naive, retry};
use room::{everywhere, on_the_paused_clock};
use timeline::LaneExt;
use tokio::time::{Instant, sleep, timeout};

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_hours(1_000);

const fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Refused {
    Busy(u32),
    ComeBackIn(Duration),
    Forbidden,
}

use Refused::{Busy, ComeBackIn, Forbidden};

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl Error for Refused {}

impl Refused {
    fn advice(&self) -> Advice {
        match self {
            Busy(_) => Advice::TryAgain,
            ComeBackIn(asked) => Advice::TryAgainAfter(*asked),
            Forbidden => Advice::GiveUp,
        }
    }
}

/// So many attempts, with pauses of 10, 20, 40, 40, ... ms at most, and no deadline.
fn attempts(attempts: u32) -> Policy {
    let attempts = NonZeroU32::new(attempts).unwrap();
    Policy { attempts, first_pause: ms(10), longest_pause: ms(40), deadline: FOR_EVER, budget: None }
}

/// A jitter that leaves no pause, for tests about other things.
fn no_pause(_most: Duration) -> Duration {
    Duration::ZERO
}

fn gave_up<T>(why: Why, attempts: u32, last: impl Into<Option<Refused>>) -> Result<T, GaveUp<Refused>> {
    Err(GaveUp { why, attempts, last: last.into() })
}

/// Counts the calls; each has the next number, from 1.
#[derive(Default)]
struct Calls(AtomicU32);

impl Calls {
    fn next(&self) -> u32 {
        self.0.fetch_add(1, Ordering::Relaxed) + 1
    }

    fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }

    /// A call of a service that is always busy.
    fn busy(&self) -> Ready<Result<(), Refused>> {
        ready(Err(Busy(self.next())))
    }
}

#[test]
fn the_two_files_that_the_chapter_says_to_copy_need_only_tokio_and_rand() {
    let files = include_str!("../../src/lib.rs").to_owned() + include_str!("../../src/budget.rs");
    let code = files.lines().map(str::trim).filter(|line| !line.starts_with("//"));
    let paths: Vec<_> = code
        .flat_map(|line| line.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != ':'))
        .filter_map(|path| Some(path.split_once("::")?.0))
        .filter(|name| {
            name.starts_with(char::is_lowercase) && !["std", "fmt", "tokio", "rand", "budget", "u64"].contains(name)
        })
        .collect();
    assert!(paths.is_empty(), "{paths:?}");
}
