//! Every room is complete, and the Python half of the stories works. `crates/gather/tests/it/shell.rs` tests the Rust half.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that cannot go on says so")]

mod everywhere;
mod house;

use std::path::Path;
use std::process::Command;

#[test]
fn story_py_passes_its_own_tests() {
    let Some(python) = room::python() else { return };
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../story/python");
    let mut command = Command::new(python);
    let output = command.args(["-m", "unittest"]).env("PYTHONDONTWRITEBYTECODE", "1").current_dir(folder).output();
    let output = output.expect("python was there a moment ago");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
