//! "`kill_on_drop` kills it": only if the future is dropped, and a task of its own is not.
//!
//! Caught by: kills the program when its caller gives up

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let running = tokio::spawn(Command::new(program).arg(job).kill_on_drop(true).output());
    let output = running.await.map_err(|error| ChildError::NotRun(error.into()))?.map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
