//! "An error is an error": a caller that gets `NotRun` tries again, and the program crashes again.
//!
//! Caught by: returns an error when the program crashes

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let output = Command::new(program).arg(job).kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    if !output.status.success() {
        return Err(ChildError::NotRun(std::io::Error::other("it failed")));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
