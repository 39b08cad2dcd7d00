//! The versions that go wrong.

use std::sync::Arc;

use tokio::sync::{Notify, SetOnce, mpsc};

use crate::Asked;

/// Goes wrong: a `SetOnce` has no sender that could be gone. If nobody sets the value, the waiter waits for ever.
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

/// Goes wrong: it hands out every question, and the actor works for callers who have left.
pub async fn next_asked<Q, A>(inbox: &mut mpsc::Receiver<Asked<Q, A>>) -> Option<Asked<Q, A>> {
    inbox.recv().await
}

/// Goes wrong: it works to the end, even if the caller leaves meanwhile.
pub async fn while_wanted<Q, A, T>(asked: Asked<Q, A>, work: impl Future<Output = T>) -> Option<(Asked<Q, A>, T)> {
    let result = work.await;
    Some((asked, result))
}

/// Goes wrong: a change that comes between the look and the wait is lost, and the next one may never come.
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
