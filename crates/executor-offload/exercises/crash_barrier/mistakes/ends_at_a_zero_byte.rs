//! "A zero byte ends the text": it is a character like any other.
//!
//! Caught by: shows bytes that are not UTF-8 as �

use executor_offload::ChildError;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let output = Command::new(program).arg(job).kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(output.stdout.split(|byte| *byte == 0).next().unwrap_or_default()).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
