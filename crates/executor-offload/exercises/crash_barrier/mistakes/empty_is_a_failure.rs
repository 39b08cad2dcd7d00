//! "An empty preview is a failure": a program may write nothing.
//!
//! Caught by: returns what the program writes

use executor_offload::ChildError;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let output = Command::new(program).arg(job).kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    if output.status.success() && !output.stdout.is_empty() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
