//! The versions that go wrong.

use tokio::task::JoinHandle;

use crate::{REQUEST, current_id};

/// Goes wrong: there is one variable for the whole program, so all requests see the id of the request that started last.
pub mod global {
    use std::sync::{Mutex, PoisonError};

    static CURRENT: Mutex<Option<u64>> = Mutex::new(None);

    /// Like [`crate::with_id`].
    pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
        let before = set(Some(id));
        let output = work.await;
        set(before);
        output
    }

    /// Like [`crate::current_id`].
    #[must_use]
    pub fn current_id() -> Option<u64> {
        *CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(id: Option<u64>) -> Option<u64> {
        std::mem::replace(&mut *CURRENT.lock().unwrap_or_else(PoisonError::into_inner), id)
    }
}

/// Goes wrong: there is one variable for each thread. But tasks share threads, and a task can move to another thread.
pub mod per_thread {
    use std::cell::Cell;

    thread_local! {
        static CURRENT: Cell<Option<u64>> = const { Cell::new(None) };
    }

    /// Like [`crate::with_id`].
    pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
        let before = CURRENT.replace(Some(id));
        let output = work.await;
        CURRENT.set(before);
        output
    }

    /// Like [`crate::current_id`].
    #[must_use]
    pub fn current_id() -> Option<u64> {
        CURRENT.get()
    }
}

/// Goes wrong: it is a map that never removes entries, with one entry for each task. Two futures of one task share the entry.
pub mod by_task_id {
    use std::collections::HashMap;
    use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

    use tokio::task;

    static IDS: LazyLock<Mutex<HashMap<task::Id, u64>>> = LazyLock::new(Mutex::default);

    /// Like [`crate::with_id`].
    ///
    /// # Panics
    ///
    /// Outside a spawned task, for example in the body of `main`.
    pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
        ids().insert(task::id(), id);
        work.await
    }

    /// Like [`crate::current_id`].
    #[must_use]
    pub fn current_id() -> Option<u64> {
        ids().get(&task::try_id()?).copied()
    }

    /// The id that the map holds for this task, even if the task has ended.
    #[must_use]
    pub fn kept_for(task: task::Id) -> Option<u64> {
        ids().get(&task).copied()
    }

    fn ids() -> MutexGuard<'static, HashMap<task::Id, u64>> {
        IDS.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Goes wrong: a new task begins without an id.
pub fn spawn<F>(work: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    tokio::spawn(work)
}

/// Goes wrong: the id is there during the call of `tokio::spawn`, and not while the task runs.
pub fn scope_around_the_spawn<F>(work: F) -> JoinHandle<F::Output>
where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    match current_id() {
        Some(id) => REQUEST.sync_scope(id, || tokio::spawn(work)),
        None => tokio::spawn(work),
    }
}
