//! "A stranger's file needs no environment": the program may need it.
//!
//! Caught by: leaves the environment of the program alone

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let output =
        Command::new(program).arg(job).env_clear().kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
