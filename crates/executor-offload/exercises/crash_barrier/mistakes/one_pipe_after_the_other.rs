//! "First I read its output, then its errors": it writes its errors first, and waits for a reader.
//!
//! Caught by: reads the output while the program runs

use std::path::PathBuf;
use std::process::Stdio;

use executor_offload::ChildError;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut command = Command::new(program);
    command.arg(job).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn().map_err(ChildError::NotRun)?;
    let mut bytes = Vec::new();
    child.stdout.take().expect("it is piped").read_to_end(&mut bytes).await.map_err(ChildError::NotRun)?;
    let mut complaints = Vec::new();
    child.stderr.take().expect("it is piped").read_to_end(&mut complaints).await.map_err(ChildError::NotRun)?;
    let status = child.wait().await.map_err(ChildError::NotRun)?;
    if !status.success() {
        return Err(ChildError::Failed(status));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
