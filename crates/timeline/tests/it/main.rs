//! Tests of the timeline.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so")]

#[cfg(target_os = "linux")]
mod memory;
mod properties;
mod real_programs;
mod recorder;
mod wakes;
