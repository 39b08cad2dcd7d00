//! "No preview is larger than 8 MiB": and one that is waits for a reader for ever.
//!
//! Caught by: reads on while the program writes much

use std::path::PathBuf;
use std::process::Stdio;

use executor_offload::ChildError;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut command = Command::new(program);
    let mut child = command.arg(job).stdout(Stdio::piped()).kill_on_drop(true).spawn().map_err(ChildError::NotRun)?;
    let mut bytes = Vec::new();
    let mut stdout = child.stdout.take().expect("it is piped").take(8 << 20);
    stdout.read_to_end(&mut bytes).await.map_err(ChildError::NotRun)?;
    let status = child.wait().await.map_err(ChildError::NotRun)?;
    if !status.success() {
        return Err(ChildError::Failed(status));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
