//! Signals, where there are some.

#![cfg(unix)]

use room::everywhere;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use super::real_io;

#[test]
fn a_signal_is_something_to_await() {
    everywhere(|world| {
        real_io(world, async {
            let mut signals = signal(SignalKind::user_defined1()).unwrap();
            let me = std::process::id().to_string();
            assert!(Command::new("kill").args(["-USR1", &me]).status().await.unwrap().success());
            assert_eq!(signals.recv().await, Some(()));
        });
    });
}
