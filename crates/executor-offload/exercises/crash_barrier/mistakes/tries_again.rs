//! "It crashes sometimes, so a second try helps": the work before the crash is done twice, and most crashes come again.
//!
//! Caught by: starts the program once

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut last = None;
    for _ in 0..2 {
        let output = Command::new(&program).arg(&job).kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
        if output.status.success() {
            return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
        }
        last = Some(output.status);
    }
    Err(ChildError::Failed(last.expect("there were two tries")))
}
