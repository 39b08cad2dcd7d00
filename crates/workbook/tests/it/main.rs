//! What the reader types, and what the reader may write, in a small course of one exercise.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so")]

mod attacks;
mod commands;
mod desk;
mod given;
mod verifying;
#[cfg(unix)]
mod watching;
