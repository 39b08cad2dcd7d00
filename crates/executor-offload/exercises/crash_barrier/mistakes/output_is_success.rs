//! "It has written something, so it worked": it wrote half a preview.
//!
//! Caught by: returns what the program writes

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let output = Command::new(program).arg(job).kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    if output.stdout.is_empty() {
        return Err(ChildError::Failed(output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
