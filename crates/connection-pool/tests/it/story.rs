//! The story, its recorded files, its twin and the chapter hold together.

#[cfg(unix)]
use std::{
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc::{self, RecvTimeoutError},
    thread,
    time::Duration,
};

use room::Room;

pub(crate) fn room() -> Room {
    Room::new("connection-pool", env!("CARGO_MANIFEST_DIR"), env!("CARGO_BIN_EXE_connection-pool"))
        .with_naive_twin()
        .with_knob("most", &[1, 2, 4])
}

#[test]
fn the_story_is_the_same_every_time() {
    room().story_is_stable();
}

#[test]
fn the_recorded_files_are_up_to_date() {
    room().recorded_files_are_up_to_date();
}

#[test]
fn the_twin_tells_the_same_story() {
    room().twin_agrees(&[]);
}

#[test]
fn the_chapter_holds() {
    room().chapter_holds();
}

#[test]
fn the_last_line_says_that_callers_were_too_impatient() {
    for patience in ["1", "700"] {
        let look = room().look(&["--patience", patience]);
        assert!(look.starts_with("some callers give up before they have a connection"), "{look}");
    }
    assert!(room().look(&["--naive", "--patience", "1"]).starts_with("some callers give up before"));
}

#[cfg(unix)]
#[test]
fn the_naive_story_ends_although_its_process_stood_still_while_gil_came_and_the_pool_was_closed() {
    let mut story = Command::new(env!("CARGO_BIN_EXE_connection-pool"))
        .args(["--naive", "--patience", "400"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let id = story.id().to_string();
    let signal = |name: &str| Command::new("kill").args([name, &id]).status().unwrap();
    let mut lines = BufReader::new(story.stdout.take().unwrap()).lines().map_while(Result::ok);
    assert!(lines.any(|line| line.contains("fay          asks")));
    assert!(signal("-STOP").success());
    thread::sleep(Duration::from_millis(300));
    assert!(signal("-CONT").success());
    // A story that hangs is interrupted. Then it does not say where to look.
    let (ended, end) = mpsc::channel::<()>();
    let watchdog = thread::spawn({
        let id = id.clone();
        move || {
            if end.recv_timeout(Duration::from_mins(1)) == Err(RecvTimeoutError::Timeout) {
                Command::new("kill").args(["-INT", &id]).status().unwrap();
            }
        }
    });
    let rest: Vec<_> = lines.collect();
    drop(ended);
    watchdog.join().unwrap();
    assert!(rest.iter().any(|line| line.starts_with("Look:")), "{rest:?}");
    assert!(story.wait().unwrap().success());
}
