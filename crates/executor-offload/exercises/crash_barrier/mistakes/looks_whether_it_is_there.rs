//! "I check first that the program exists": a name is not a path, and the system finds it in its `PATH`.
//!
//! Caught by: returns an error when there is no such program

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

/// Runs the program with the job as its only argument, and returns what it writes to its standard output.
pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    if !program.exists() {
        return Err(ChildError::NotRun(std::io::ErrorKind::NotFound.into()));
    }
    // Off by default: a dropped future would leave the process running.
    let output = Command::new(program).arg(job).kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
