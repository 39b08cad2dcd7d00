//! The errors of calls between synchronous and async code.

use std::any::Any;

use tokio::task::JoinError;

/// Why a call between synchronous and async code has no result. The errors of the call itself are in its result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The other side panicked, with this message.
    #[error("the call panicked: {0}")]
    Panicked(String),
    /// The other side was stopped before the call had ended.
    #[error("the bridge was stopped")]
    Stopped,
}

impl CallError {
    pub(crate) fn panicked(panic: &(dyn Any + Send)) -> Self {
        let words = panic.downcast_ref::<&str>().map(ToString::to_string);
        let words = words.or_else(|| panic.downcast_ref::<String>().cloned());
        Self::Panicked(words.unwrap_or_else(|| "a panic without words".to_owned()))
    }
}

impl From<JoinError> for CallError {
    fn from(error: JoinError) -> Self {
        match error.try_into_panic() {
            Ok(panic) => Self::panicked(panic.as_ref()),
            // Nothing else aborts the task, so its runtime has ended.
            Err(_) => Self::Stopped,
        }
    }
}
