//! "When it has ended, one read returns the rest": the rest may be longer than one read.
//!
//! Caught by: loses no output when the program ends, on Unix

use std::path::PathBuf;
use std::process::Stdio;

use executor_offload::ChildError;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut child = Command::new(program)
        .arg(job)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(ChildError::NotRun)?;
    let mut stdout = child.stdout.take().unwrap();
    let mut bytes = Vec::new();
    let mut chunk = [0; 16 * 1024];
    let status = loop {
        tokio::select! {
            biased;
            status = child.wait() => {
                let count = stdout.read(&mut chunk).await.map_err(ChildError::NotRun)?;
                bytes.extend_from_slice(&chunk[..count]);
                break status.map_err(ChildError::NotRun)?;
            }
            count = stdout.read(&mut chunk) => match count.map_err(ChildError::NotRun)? {
                0 => break child.wait().await.map_err(ChildError::NotRun)?,
                count => bytes.extend_from_slice(&chunk[..count]),
            },
        }
    };
    if status.success() { Ok(String::from_utf8_lossy(&bytes).into_owned()) } else { Err(ChildError::Failed(status)) }
}
