//! "A job that starts with a dash looks like an option": the `--` before it is another argument.
//!
//! Caught by: passes the job as the only argument

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut command = Command::new(program);
    if job.starts_with('-') {
        command.arg("--");
    }
    let output = command.arg(job).kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    if !output.status.success() {
        return Err(ChildError::Failed(output.status));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
