//! "It is in an `async fn`": `std::process` still blocks the thread until the program has ended.
//!
//! Caught by: lets other tasks run while it waits

use std::path::PathBuf;

use executor_offload::ChildError;
use std::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let output = Command::new(program).arg(job).output().map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
