//! One file for each part of the chapter.

use std::time::Duration;

/// How long a handshake may take before the test calls it missed; nothing is proven by it.
const LIMIT: Duration = Duration::from_secs(30);

mod calling_back;
mod context;
mod life_cycle;
mod offload;
mod process;
mod recorded;
