//! Every detector fires on a case that has the fault, and is silent on its twin that has not.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so")]

mod cancelling;
mod hangs;
mod verdicts;
