//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

mod asking;
mod asyncio;
mod examined;
mod first;
mod schedules;
mod signals;
mod stories;
mod tasks;
mod time;
mod tools;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// What this panics with; nothing, if it does not.
fn panic_of(test: impl FnOnce()) -> Option<String> {
    let panic = catch_unwind(AssertUnwindSafe(test)).err()?;
    let words = panic.downcast::<String>().map(|text| *text);
    Some(words.or_else(|panic| panic.downcast::<&str>().map(|text| text.to_string())).unwrap_or_default())
}
