//! A complete blocking client around an async client.

use std::io;
use std::time::Duration;

use tokio::runtime::{Builder, Handle, Runtime};

use crate::prices::{Closed, Prices};

/// Asks for prices. It is for threads without async code, and threads may share it.
///
/// It has its own runtime with one worker thread. The thread keeps the connection between two questions.
/// When you drop it, the connection ends. You may drop it anywhere.
///
/// Source: [Bridging with sync code](https://tokio.rs/tokio/topics/bridging).
///
/// ```
/// use std::time::Duration;
/// use sync_bridge::blocking::BlockingPrices;
///
/// // No async here.
/// let prices = BlockingPrices::connect(Duration::from_millis(1))?;
/// assert_eq!(prices.ask("tea", Duration::from_millis(1)), Ok(3));
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Debug)]
pub struct BlockingPrices {
    prices: Prices,
    handle: Handle,
    runtime: Option<Runtime>, // `None` only during the drop
}

impl BlockingPrices {
    /// Makes the runtime, and connects with it, which takes this long.
    ///
    /// # Errors
    ///
    /// If the operating system cannot start a thread, or cannot provide what the runtime needs for its sockets.
    ///
    /// # Panics
    ///
    /// In async code, where you must not block.
    pub fn connect(takes: Duration) -> io::Result<Self> {
        // The worker thread keeps the connection, also between two questions.
        let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
        let handle = runtime.handle().clone();
        let prices = handle.block_on(Prices::connect(takes));
        Ok(Self { prices, handle, runtime: Some(runtime) })
    }

    /// Asks for the price of a thing. It blocks the thread until the answer is there, which takes this long.
    ///
    /// # Errors
    ///
    /// If the connection is closed.
    ///
    /// # Panics
    ///
    /// In async code, where you must not block.
    pub fn ask(&self, thing: &str, takes: Duration) -> Result<usize, Closed> {
        self.handle.block_on(self.prices.ask(thing, takes))
    }
}

impl Drop for BlockingPrices {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background(); // waits for nothing, so you may drop it in async code
        }
    }
}
