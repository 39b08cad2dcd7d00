//! "A crash is a panic, and a task catches it": an abort in another process causes no panic here.
//!
//! Caught by: returns an error when the program crashes

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let running = tokio::spawn(async move { Command::new(program).arg(job).kill_on_drop(true).output().await });
    match running.await {
        Ok(Ok(output)) => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        Ok(Err(error)) => Err(ChildError::NotRun(error)),
        Err(panic) => Err(ChildError::NotRun(panic.into())),
    }
}
