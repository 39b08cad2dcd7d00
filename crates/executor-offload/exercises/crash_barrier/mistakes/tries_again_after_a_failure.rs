//! "A failure with an exit code is temporary": the work before the failure is done twice.
//!
//! Caught by: starts the program once

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let run = || Command::new(&program).arg(&job).kill_on_drop(true).output();
    let mut output = run().await.map_err(ChildError::NotRun)?;
    if output.status.code().is_some_and(|code| code != 0) {
        output = run().await.map_err(ChildError::NotRun)?;
    }
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
