//! What the check of an async exercise needs: scripted services, detectors of what goes wrong, and a verdict for people.
//!
//! An [`Exam`] plays scenarios with the reader's answer and with the solution, and draws both timelines when a judge finds a [`Fault`].
//!
//! - Answers call a [`Service`]: each call is a lane, with a delay and an outcome from a script.
//! - A deadlock is found at once: on the virtual clock, an hour passes as soon as no task is ready. The verdict says which calls wait, and since when.
//! - A watchdog thread ends what that clock cannot see: endless loops, blocked threads, blocking calls that do not return, memory that only grows.
//! - [`Run::left`] lists the tasks that outlive the answer, and [`cancel_at_every_await`] finds what a cancellation breaks.
//!   [`twice_at_once`] lets threads race, and on a [`Stage`] blocking jobs shake hands.
//!
//! A check is a test target with `harness = false`, whose `main` returns [`Exam::verdict`].
//! It does not depend on this workbook: you can use it for your own course.

mod cancel;
mod cut;
mod exam;
mod fault;
mod pulse;
mod race;
mod run;
mod service;
mod stage;
mod verdict;
mod watchdog;

pub use cancel::cancel_at_every_await;
pub use exam::{Call, Exam};
pub use fault::{Fault, Judgement, fault, listed, seconds, seconds_apart, times};
pub use race::twice_at_once;
pub use run::{Left, Run, unless_it_panics};
pub use service::{Failure, Reply, Service, ms};
pub use stage::Stage;
pub use timeline::{Lane, LaneExt, Micros, Outcome, Recording};
