//! "There is nothing to pass": an empty argument is also an argument, and the program counts its arguments.
//!
//! Caught by: passes the job as the only argument

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut command = Command::new(program);
    if !job.is_empty() {
        command.arg(job);
    }
    let output = command.kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
