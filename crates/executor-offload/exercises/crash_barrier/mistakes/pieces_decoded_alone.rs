//! "Each piece is text": a character may be split between two pieces.
//!
//! Caught by: shows bytes that are not UTF-8 as �

use executor_offload::ChildError;
use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;
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
    let mut pipe = child.stdout.take().unwrap();
    let mut text = String::new();
    let mut piece = [0; 1000];
    loop {
        let count = pipe.read(&mut piece).await.map_err(ChildError::NotRun)?;
        if count == 0 {
            break;
        }
        text += &String::from_utf8_lossy(&piece[..count]);
    }
    let status = child.wait().await.map_err(ChildError::NotRun)?;
    if status.success() { Ok(text) } else { Err(ChildError::Failed(status)) }
}
