//! Every claim of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test a panic is the report")]

#[cfg(unix)]
mod asyncio;
#[cfg(unix)]
mod processes;
mod requests;
#[cfg(unix)]
mod signals;
mod twin;
mod work;

use std::time::Duration;

/// Longer than any test.
const FOR_EVER: Duration = Duration::from_hours(1_000);

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Sends a signal to a process: `-TERM`, `-INT`, `-KILL`.
#[cfg(unix)]
fn kill(signal: &str, process: u32) {
    let status = std::process::Command::new("kill").args([signal, &process.to_string()]).status();
    assert!(status.unwrap().success(), "kill {signal} {process}");
}
