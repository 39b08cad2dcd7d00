//! "A blocking wait belongs on the pool": the pool goes on, and so does the program, when the caller has given up.
//!
//! Caught by: kills the program when its caller gives up

use std::path::PathBuf;

use executor_offload::ChildError;
use std::process::Command;

use tokio::task::spawn_blocking;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let waiting = spawn_blocking(move || Command::new(program).arg(job).output());
    let output = waiting.await.map_err(|error| ChildError::NotRun(error.into()))?.map_err(ChildError::NotRun)?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(ChildError::Failed(output.status))
    }
}
