//! "I kill it after the wait": a dropped future runs no line after its await.
//!
//! Caught by: kills the program when its caller gives up

use std::path::PathBuf;
use std::process::Stdio;

use executor_offload::ChildError;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut command = Command::new(program);
    let mut child = command.arg(job).stdout(Stdio::piped()).spawn().map_err(ChildError::NotRun)?;
    let mut text = String::new();
    if let Some(mut stdout) = child.stdout.take() {
        stdout.read_to_string(&mut text).await.map_err(ChildError::NotRun)?;
    }
    let status = child.wait().await.map_err(ChildError::NotRun)?;
    let _ = child.kill().await;
    if status.success() { Ok(text) } else { Err(ChildError::Failed(status)) }
}
