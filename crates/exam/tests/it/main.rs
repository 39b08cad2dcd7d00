//! Every detector fires on a case with the fault, and is silent on the same case without it.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so")]

mod cancelling;
mod hangs;
mod verdicts;
