//! "The program exists, I have installed it": `expect` panics when it does not.
//!
//! Caught by: returns an error when there is no such program

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let output = Command::new(program).arg(job).kill_on_drop(true).output().await.expect("it is installed");
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
