//! Finds the exercises in a workspace's manifests, builds them, runs them in separate processes, and keeps the reader's progress.
//!
//! It knows no topic by name. The exercises are the test targets of `crates/*/Cargo.toml` whose path is `exercises/NAME/check.rs`,
//! and the topics have the order in which the README of the workspace names them.
//! Only `workbook` uses it.

#![allow(clippy::missing_errors_doc, reason = "every error is a sentence that says what could not be done")]
#![allow(clippy::must_use_candidate, reason = "only `workbook` calls these functions")]

mod attempt;
mod build;
mod course;
mod files;
mod pages;
mod progress;
mod seal;
mod words;

pub use attempt::{Attempt, Look, Outcome, Ran, VARIANT, attempt, run};
pub use build::{Built, Message, cargo};
pub use course::{CHECKS, CRATES, Course, Exercise, Hint, State, Topic};
pub use files::{read, replace};
pub use progress::Progress;
pub use seal::{list as seal_of, write as write_seal};
pub use words::{counted, say, screen, wrapped};

/// What a command returns. If it cannot do its work, the error is a sentence.
pub type Told<T> = Result<T, String>;
