//! "No preview takes longer than ten seconds": this one does, and the task asks for no limit.
//!
//! Caught by: waits as long as the program takes

use std::io::ErrorKind;
use std::path::PathBuf;
use std::time::Duration;

use executor_offload::ChildError;
use tokio::process::Command;
use tokio::time::timeout;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let running = Command::new(program).arg(job).kill_on_drop(true).output();
    let ended = timeout(Duration::from_secs(10), running).await;
    let output = ended.unwrap_or_else(|_| Err(ErrorKind::TimedOut.into())).map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
