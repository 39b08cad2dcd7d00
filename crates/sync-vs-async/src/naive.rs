//! The versions that go wrong.

use std::thread;
use std::time::Duration;

/// Goes wrong: it blocks the thread inside a task, so no other task on that thread can run. The word `async` does not change that.
#[expect(clippy::unused_async, reason = "this is the fault: only its signature is async")]
pub async fn ask(service: &str, takes: Duration) -> String {
    thread::sleep(takes);
    service.to_owned()
}

/// Goes wrong: it awaits each future to completion before it polls the next one, so it takes the sum of their times.
pub async fn await_together<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut results = Vec::new();
    for future in futures {
        results.push(future.await);
    }
    results
}
