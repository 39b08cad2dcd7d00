//! "A program writes lines": this loses the line ends.
//!
//! Caught by: returns what the program writes

use std::path::PathBuf;
use std::process::Stdio;

use executor_offload::ChildError;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;

pub async fn preview(program: PathBuf, job: String) -> Result<String, ChildError> {
    let mut command = Command::new(program);
    let mut child = command.arg(job).stdout(Stdio::piped()).kill_on_drop(true).spawn().map_err(ChildError::NotRun)?;
    let mut text = String::new();
    if let Some(stdout) = child.stdout.take() {
        let mut lines = BufReader::new(stdout).lines();
        while let Some(line) = lines.next_line().await.map_err(ChildError::NotRun)? {
            text += &line;
        }
    }
    let status = child.wait().await.map_err(ChildError::NotRun)?;
    if status.success() { Ok(text) } else { Err(ChildError::Failed(status)) }
}
