//! The versions that go wrong.

use std::thread;
use std::time::Duration;

/// Goes wrong: it blocks the thread inside a task, so that nothing else on that thread can go on. The word `async` changes nothing.
#[expect(clippy::unused_async, reason = "this is the fault: only its signature is async")]
pub async fn ask(service: &str, takes: Duration) -> String {
    thread::sleep(takes);
    service.to_owned()
}

/// Goes wrong: it awaits each future to its end before it polls the next one, so it takes the sum.
pub async fn await_together<F: Future>(futures: impl IntoIterator<Item = F>) -> Vec<F::Output> {
    let mut results = Vec::new();
    for future in futures {
        results.push(future.await);
    }
    results
}
