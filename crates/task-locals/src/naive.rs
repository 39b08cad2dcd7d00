//! The versions that go wrong.

use tokio::task::JoinHandle;

use crate::{REQUEST, current_id};

/// Goes wrong: one variable for the whole program, so the request that started last gives its id to all.
pub mod global {
    use std::sync::{Mutex, PoisonError};

    static CURRENT: Mutex<Option<u64>> = Mutex::new(None);

    /// As [`crate::with_id`].
    pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
        let before = set(Some(id));
        let output = work.await;
        set(before);
        output
    }

    /// As [`crate::current_id`].
    #[must_use]
    pub fn current_id() -> Option<u64> {
        *CURRENT.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn set(id: Option<u64>) -> Option<u64> {
        std::mem::replace(&mut *CURRENT.lock().unwrap_or_else(PoisonError::into_inner), id)
    }
}

/// Goes wrong: one variable for each thread. Tasks share threads, and a task changes its thread.
pub mod per_thread {
    use std::cell::Cell;

    thread_local! {
        static CURRENT: Cell<Option<u64>> = const { Cell::new(None) };
    }

    /// As [`crate::with_id`].
    pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
        let before = CURRENT.replace(Some(id));
        let output = work.await;
        CURRENT.set(before);
        output
    }

    /// As [`crate::current_id`].
    #[must_use]
    pub fn current_id() -> Option<u64> {
        CURRENT.get()
    }
}

/// Goes wrong: a map that never forgets, with one place for each task. Two futures of one task share the place.
pub mod by_task_id {
    use std::collections::HashMap;
    use std::sync::{LazyLock, Mutex, MutexGuard, PoisonError};

    use tokio::task;

    static IDS: LazyLock<Mutex<HashMap<task::Id, u64>>> = LazyLock::new(Mutex::default);

    /// As [`crate::with_id`].
    ///
    /// # Panics
    ///
    /// Outside a spawned task, as in the body of `main`.
    pub async fn with_id<F: Future>(id: u64, work: F) -> F::Output {
        ids().insert(task::id(), id);
        work.await
    }

    /// As [`crate::current_id`].
    #[must_use]
    pub fn current_id() -> Option<u64> {
        ids().get(&task::try_id()?).copied()
    }

    /// The id that is kept for this task, whether or not the task is still there.
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
