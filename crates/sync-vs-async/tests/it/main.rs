//! The claims of the chapter, proven.

#![allow(clippy::unwrap_used, reason = "in a test, a panic is the report")]

mod claims;
mod shell;
mod story;
