//! Signals, where there are some.

#![cfg(unix)]

use room::everywhere;
use tokio::process::Command;
use tokio::signal::unix::{SignalKind, signal};

use super::real_io;

#[test]
fn you_can_await_a_signal() {
    everywhere(|world| {
        real_io(world, async {
            let mut signals = signal(SignalKind::user_defined1()).unwrap();
            let me = std::process::id().to_string();
            assert!(Command::new("kill").args(["-USR1", &me]).status().await.unwrap().success());
            assert_eq!(signals.recv().await, Some(()));
        });
    });
}

#[test]
fn a_dropped_signal_stream_does_not_restore_the_default() {
    everywhere(|world| {
        real_io(world, async {
            drop(signal(SignalKind::user_defined2()).unwrap());
            let me = std::process::id().to_string();
            // The default would end this process.
            assert!(Command::new("kill").args(["-USR2", &me]).status().await.unwrap().success());
            let mut signals = signal(SignalKind::user_defined2()).unwrap();
            assert!(Command::new("kill").args(["-USR2", &me]).status().await.unwrap().success());
            assert_eq!(signals.recv().await, Some(()));
        });
    });
}
