//! "The output comes back by itself": it goes where the output of the server goes.
//!
//! Caught by: returns what the program writes

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let child = Command::new(program).arg(job).kill_on_drop(true).spawn().map_err(ChildError::NotRun)?;
    let output = child.wait_with_output().await.map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
