//! Tests of the recording.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so")]

mod held_up;
mod json;
mod only;
