//! The errors of work on another thread or in another process.

use std::error::Error;
use std::fmt::{self, Display};
use std::io;
use std::process::ExitStatus;

/// Why work on another thread has no result.
#[derive(Debug)]
pub enum WorkError {
    /// The work panicked, with this message.
    Panicked(String),
    /// The pool was shut down before the work began.
    NeverRan,
    /// The operating system could not start a thread.
    NoThread(io::Error),
}

/// Why a child process has no result.
#[derive(Debug)]
pub enum ChildError {
    /// The program could not be started, or its output could not be read.
    NotRun(io::Error),
    /// The program ended without success: an exit code other than 0, or a signal.
    Failed(ExitStatus),
}

impl Display for WorkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Panicked(words) => write!(f, "the work panicked: {words}"),
            Self::NeverRan => f.write_str("the work never ran: the pool was shut down"),
            Self::NoThread(_) => f.write_str("the operating system refused a thread"),
        }
    }
}

impl Error for WorkError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NoThread(error) => Some(error),
            Self::Panicked(_) | Self::NeverRan => None,
        }
    }
}

impl Display for ChildError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotRun(_) => f.write_str("the child process could not be run"),
            Self::Failed(status) => write!(f, "the child process failed: {status}"),
        }
    }
}

impl Error for ChildError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::NotRun(error) => Some(error),
            Self::Failed(_) => None,
        }
    }
}
