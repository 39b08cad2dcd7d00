//! "16 MiB are enough": this output is longer.
//!
//! Caught by: reads the output while the program runs

use executor_offload::ChildError;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut child = Command::new(program)
        .arg(job)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(ChildError::NotRun)?;
    let mut bytes = Vec::new();
    child.stdout.take().unwrap().take(16 << 20).read_to_end(&mut bytes).await.map_err(ChildError::NotRun)?;
    let status = child.wait().await.map_err(ChildError::NotRun)?;
    if status.success() { Ok(String::from_utf8_lossy(&bytes).into_owned()) } else { Err(ChildError::Failed(status)) }
}
