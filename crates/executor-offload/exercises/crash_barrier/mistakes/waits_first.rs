//! "First it ends, then I read": the pipe is full, and the program never ends.
//!
//! Caught by: reads the output while the program runs

use std::path::PathBuf;
use std::process::Stdio;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut command = Command::new(program);
    let mut child = command.arg(job).stdout(Stdio::piped()).kill_on_drop(true).spawn().map_err(ChildError::NotRun)?;
    child.wait().await.map_err(ChildError::NotRun)?;
    let output = child.wait_with_output().await.map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
