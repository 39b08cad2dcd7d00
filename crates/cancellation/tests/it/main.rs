//! The claims of the chapter, proven.

mod claims;
mod story;

use std::time::Duration;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}
