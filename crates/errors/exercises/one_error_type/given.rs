//! What the answer of `errors/one_error_type` is given.

use std::error::Error;
use std::panic::resume_unwind;
use std::time::Duration;

use exam::{Failure, LaneExt, Service};
use tokio::task::JoinHandle;
use tokio::time::sleep;

/// A job of the night.
#[derive(Clone, Debug)]
pub struct Job {
    pub(super) service: Service,
    pub(super) end: End,
}

/// How a job ends badly.
#[derive(Debug)]
pub enum JobError {
    /// It returned this error.
    Failed(Box<dyn Error + Send + Sync>),
    /// It panicked, with this message.
    Panicked(String),
    /// Somebody aborted its task.
    Cancelled,
}

impl Job {
    /// Starts the job in a task of its own.
    #[must_use]
    #[track_caller]
    pub fn spawn(&self) -> JoinHandle<Result<String, Failure>> {
        let panics = |after, payload: Box<dyn std::any::Any + Send>| {
            // Past the hook, which collects what goes wrong in the answer.
            let job = async move {
                sleep(after).await;
                resume_unwind(payload)
            };
            tokio::spawn(job.try_lane(self.service.name()))
        };
        match self.end {
            End::AsTheServiceSays => tokio::spawn(self.service.ask()),
            End::PanicsWithStr(after, text) => panics(after, Box::new(text)),
            End::PanicsWithNumber(after) => panics(after, Box::new(404)),
            End::Aborted(after) => {
                let task = tokio::spawn(self.service.ask());
                let guarded = task.abort_handle();
                tokio::spawn(async move {
                    sleep(after).await;
                    guarded.abort();
                });
                task
            }
        }
    }
}

#[derive(Clone, Copy, Debug)]
pub(super) enum End {
    AsTheServiceSays,
    /// With a message that is a `&str`, after this time.
    PanicsWithStr(Duration, &'static str),
    /// With something that is no text.
    PanicsWithNumber(Duration),
    /// A guard aborts it.
    Aborted(Duration),
}
