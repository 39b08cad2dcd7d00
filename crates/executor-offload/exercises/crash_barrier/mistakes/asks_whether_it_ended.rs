//! "`try_wait` does not block, so I call it every ten milliseconds": it works for nothing, and notices the end late.
//!
//! Caught by: waits without checking again and again

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use executor_offload::ChildError;
use tokio::io::AsyncReadExt;
use tokio::process::Command;
use tokio::time::sleep;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut command = Command::new(program);
    let mut child = command
        .arg(job)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(ChildError::NotRun)?;
    let mut stdout = child.stdout.take().expect("it is piped");
    let reading = tokio::spawn(async move {
        let mut bytes = Vec::new();
        stdout.read_to_end(&mut bytes).await.map(|_| bytes)
    });
    let status = loop {
        if let Some(status) = child.try_wait().map_err(ChildError::NotRun)? {
            break status;
        }
        sleep(Duration::from_millis(10)).await;
    };
    let bytes = reading.await.expect("reading does not panic").map_err(ChildError::NotRun)?;
    if !status.success() {
        return Err(ChildError::Failed(status));
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
