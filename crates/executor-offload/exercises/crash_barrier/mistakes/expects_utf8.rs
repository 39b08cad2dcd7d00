//! "A preview is text": one byte in another encoding, and the server panics.
//!
//! Caught by: shows bytes that are not UTF-8 as �

use std::path::PathBuf;

use executor_offload::ChildError;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let output = Command::new(program).arg(job).kill_on_drop(true).output().await.map_err(ChildError::NotRun)?;
    if !output.status.success() {
        return Err(ChildError::Failed(output.status));
    }
    Ok(String::from_utf8(output.stdout).expect("a preview is text"))
}
