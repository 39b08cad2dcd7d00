//! "When it writes nothing more, it has ended": it goes on without its output, and then fails.
//!
//! Caught by: waits for the end of the program, and not of its output

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use executor_offload::ChildError;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::timeout;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut command = Command::new(program);
    command.arg(job).stdout(Stdio::piped()).stderr(Stdio::null()).kill_on_drop(true);
    let mut child = command.spawn().map_err(ChildError::NotRun)?;
    let mut bytes = Vec::new();
    child.stdout.take().expect("it is piped").read_to_end(&mut bytes).await.map_err(ChildError::NotRun)?;
    // It may need a moment to end.
    match timeout(Duration::from_millis(500), child.wait()).await {
        Ok(Ok(status)) if !status.success() => Err(ChildError::Failed(status)),
        _ => Ok(String::from_utf8_lossy(&bytes).into_owned()),
    }
}
