//! A server with an orderly shutdown. README.md beside this file describes the task.

use tokio::sync::mpsc;

use super::given::{End, Request, Shop};

/// Serves until the first signal. Then it shuts down in order, and at the second signal it returns immediately.
pub async fn serve(signals: mpsc::Receiver<()>, requests: mpsc::Receiver<Request>, shop: Shop) -> End {
    todo!()
}
