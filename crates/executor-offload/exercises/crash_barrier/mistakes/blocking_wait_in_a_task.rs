//! "I spawn it": the task blocks the same thread.
//!
//! Caught by: lets other tasks run while it waits

use std::path::PathBuf;

use executor_offload::ChildError;
use std::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let waiting = tokio::spawn(async move { Command::new(program).arg(job).output() });
    let output = waiting.await.map_err(|error| ChildError::NotRun(error.into()))?.map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
