//! "A read that does not fill the buffer is the last one": the program writes the rest later.
//!
//! Caught by: waits as long as the program takes

use executor_offload::ChildError;
use std::path::PathBuf;
use std::process::Stdio;
use tokio::io::AsyncReadExt;
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut child = Command::new(program)
        .arg(job)
        .kill_on_drop(true)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(ChildError::NotRun)?;
    let mut stdout = child.stdout.take().unwrap();
    let mut bytes = Vec::new();
    let mut piece = vec![0; 65_536];
    loop {
        let read = stdout.read(&mut piece).await.map_err(ChildError::NotRun)?;
        bytes.extend_from_slice(&piece[..read]);
        if read < piece.len() {
            break;
        }
    }
    drop(stdout);
    let status = child.wait().await.map_err(ChildError::NotRun)?;
    if status.success() { Ok(String::from_utf8_lossy(&bytes).into_owned()) } else { Err(ChildError::Failed(status)) }
}
