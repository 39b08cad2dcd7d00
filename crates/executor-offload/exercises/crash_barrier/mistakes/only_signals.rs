//! "A crash has no exit code": a failure has one, and is taken for a success.
//!
//! Caught by: returns an error when the program fails

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let output = Command::new(program).arg(job).kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    match output.status.code() {
        Some(code) if code >= 0 => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        _ => Err(ChildError::Failed(output.status)),
    }
}
