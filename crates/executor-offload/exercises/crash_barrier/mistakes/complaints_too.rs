//! "Output is output": the standard error becomes part of the preview.
//!
//! Caught by: returns what the program writes

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let output = Command::new(program).arg(job).kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    if output.status.success() {
        let all = [output.stdout, output.stderr].concat();
        Ok(String::from_utf8_lossy(&all).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
