//! The versions that go wrong.

use std::sync::Arc;

use tokio::sync::{Notify, SetOnce, mpsc};

use crate::Asked;

/// Goes wrong: a `SetOnce` has no sender whose drop could end the wait. If no task sets the value, the waiter waits for ever.
#[derive(Clone, Debug, Default)]
pub struct Promise<T>(Arc<SetOnce<T>>);

impl<T: Clone> Promise<T> {
    /// Sets the value. A second value is ignored.
    pub fn send(&self, value: T) {
        _ = self.0.set(value);
    }

    /// Waits for the value.
    pub async fn value(&self) -> T {
        self.0.wait().await.clone()
    }
}

/// Goes wrong: it returns every question, so the actor also works for callers that have left.
pub async fn next_asked<Q, A>(inbox: &mut mpsc::Receiver<Asked<Q, A>>) -> Option<Asked<Q, A>> {
    inbox.recv().await
}

/// Goes wrong: it finishes the work even if the caller leaves in the meantime.
pub async fn while_wanted<Q, A, T>(asked: Asked<Q, A>, work: impl Future<Output = T>) -> Option<(Asked<Q, A>, T)> {
    let result = work.await;
    Some((asked, result))
}

/// Goes wrong: it misses a change between the look and the wait, and the next change may never come.
pub async fn wait_until<T, F>(changed: &Notify, mut look: impl FnMut() -> F) -> T
where
    F: Future<Output = Option<T>>,
{
    loop {
        if let Some(found) = look().await {
            return found;
        }
        changed.notified().await;
    }
}
