//! The claims of the chapter, proven.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so")]

mod claims;
mod shell;
mod story;
