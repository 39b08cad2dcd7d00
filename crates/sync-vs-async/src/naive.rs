//! The versions that go wrong.

use std::thread;
use std::time::Duration;

/// Goes wrong: blocks the thread inside a task, so that nobody else on that thread gets on; `async fn` alone changes nothing.
#[expect(clippy::unused_async, reason = "the fault shown: it is async by its signature only")]
pub async fn ask(service: &str, takes: Duration) -> String {
    thread::sleep(takes);
    service.to_owned()
}

/// Goes wrong: awaits each future to its end before it polls the next one, so that it takes the sum.
pub async fn await_together<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut results = Vec::new();
    for future in futures {
        results.push(future.await);
    }
    results
}
