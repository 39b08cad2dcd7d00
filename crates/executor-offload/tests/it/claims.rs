//! One file for each part of the chapter.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use room::World;
use tokio::task::yield_now;
use tokio::time::sleep;

mod calling_back;
mod context;
mod life_cycle;
mod offload;
mod process;
mod recorded;
mod several_workers;

/// How long a handshake may take before the test calls it missed; nothing is proven by it.
const LIMIT: Duration = Duration::from_secs(30);

/// How long a wait that should not end is watched. One that holds never ends by then, however long this is.
const WHILE_IT_IS_HELD: Duration = Duration::from_millis(100);

/// A millisecond: a pause between two looks.
const PAUSE: Duration = Duration::from_millis(1);

/// A task that does nothing but beat.
#[derive(Clone)]
struct Heart(Arc<AtomicUsize>);

impl Heart {
    /// Spawns the task.
    fn start(world: World) -> Self {
        let heart = Self(Arc::default());
        tokio::spawn(heart.clone().beat(world));
        heart
    }

    async fn beat(self, world: World) {
        loop {
            self.0.fetch_add(1, Ordering::SeqCst);
            // The paused clock stands still while work runs on another thread.
            if world.is_paused() { yield_now().await } else { sleep(PAUSE).await }
        }
    }

    fn beats(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }

    /// Waits, in a task, until it has beaten once more.
    async fn beats_again(&self) {
        let before = self.beats();
        while self.beats() == before {
            yield_now().await;
        }
    }

    /// Blocks the thread until it has beaten three more times, and says whether it has.
    fn beats_three_times(&self) -> bool {
        let (before, since) = (self.beats(), Instant::now());
        while self.beats() < before + 3 && since.elapsed() < LIMIT {
            thread::sleep(PAUSE);
        }
        self.beats() >= before + 3
    }

    /// How often it beats while this work runs.
    fn beats_during(&self, work: impl FnOnce()) -> usize {
        let before = self.beats();
        work();
        self.beats() - before
    }
}
