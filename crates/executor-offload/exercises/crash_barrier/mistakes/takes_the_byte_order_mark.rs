//! "A byte order mark is not text": the output must be returned unchanged.
//!
//! Caught by: shows bytes that are not UTF-8 as �

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

/// Runs the program with the job as its only argument, and returns what it writes to its standard output.
pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    // Off by default: a dropped future would leave the process running.
    let output = Command::new(program).arg(job).kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim_start_matches('\u{feff}').to_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
