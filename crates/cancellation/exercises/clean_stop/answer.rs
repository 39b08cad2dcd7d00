//! Stop at once, and lose nothing: README.md beside this file says what is wanted.

use std::time::Duration;

use exam::Service;
use tokio_util::sync::CancellationToken;

/// From one reading to the next.
const EVERY: Duration = Duration::from_secs(10);

/// How long the storing may take.
const TIME_TO_STORE: Duration = Duration::from_secs(2);

/// Reads the meter until the token is cancelled, stores what was read, and returns whether that succeeded.
///
/// `read.ask()` makes a future of a reading, `store.call("7 8 9")` one that stores readings.
pub async fn meter(token: CancellationToken, read: Service, store: Service) -> bool {
    todo!()
}
