//! "It crashed at its end, so the preview is complete": a program that ends by a signal has not succeeded.
//!
//! Caught by: returns an error when the program fails

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let output = Command::new(program).arg(job).kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    let crashed_at_the_end = output.status.code().is_none() && output.stdout.ends_with(b"\n");
    if !output.status.success() && !crashed_at_the_end {
        return Err(ChildError::Failed(output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
