//! What the check of an async exercise needs: scripted services, detectors of what goes wrong, and a verdict for people.
//!
//! An [`Exam`] plays scenarios with the reader's answer and with the solution, and draws both timelines when a judge finds a [`Fault`].
//!
//! - [`Service`] is what answers call: each call is a lane, with a delay and an outcome out of a script.
//! - A deadlock is found at once, because on the virtual clock an hour passes when nobody has anything to do; the verdict says who waits since when.
//! - A thread watches for what that clock cannot see: endless loops, blocked threads, blocking calls that do not end, memory that only grows.
//! - [`Run::left`] knows the tasks that outlive the answer, and [`cancel_at_every_await`] what a cancellation leaves behind.
//!   [`twice_at_once`] lets threads race, and on a [`Stage`] blocking jobs shake hands.
//!
//! A check is a test target with `harness = false`, whose `main` returns [`Exam::verdict`].
//! It depends on no workbook: use it for a course of your own.

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
