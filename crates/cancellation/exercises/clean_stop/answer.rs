//! Stop immediately, and lose no reading. README.md beside this file describes the task.

use std::time::Duration;

use exam::Service;
use tokio_util::sync::CancellationToken;

/// From one reading to the next.
const EVERY: Duration = Duration::from_secs(10);

/// How long the store may take.
const TIME_TO_STORE: Duration = Duration::from_secs(2);

/// Reads the meter until the token is cancelled, stores the readings, and returns whether the store succeeded.
///
/// `read.ask()` makes a future of a reading. `store.call("7 8 9")` makes a future that stores readings.
pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    todo!()
}
