//! The version that goes wrong.

use std::mem::take;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::{Call, Failed, Loader};

/// Goes wrong in many ways. Its timer restarts at each call.
/// It accepts no calls while it waits for the backend. It asks for the same key twice, and also for callers that have left.
/// It assigns the answers by position, and gives an error only to the first caller. At the end, it drops the rest.
///
/// # Panics
///
/// If `limit` is 0. The work panics outside a Tokio runtime with time enabled.
pub fn loader<K, V, E, F>(
    limit: usize,
    patience: Duration,
    ask: impl Fn(Vec<K>) -> F,
) -> (Loader<K, V, E>, impl Future<Output = ()>)
where
    K: Clone,
    F: Future<Output = Result<Vec<(K, V)>, E>>,
{
    let (calls, mut queue) = mpsc::channel(limit);
    let work = async move {
        let mut batch = Vec::new();
        loop {
            // The time limit counts from the newest call.
            match timeout(patience, queue.recv()).await {
                Ok(Some(call)) => {
                    batch.push(call);
                    if batch.len() < limit {
                        continue;
                    }
                }
                Ok(None) => return,
                Err(_elapsed) if batch.is_empty() => continue,
                Err(_elapsed) => {}
            }
            let asked = ask(batch.iter().map(|call: &Call<K, V, E>| call.key.clone()).collect());
            // While it waits for the answer, it accepts no calls.
            by_position(take(&mut batch), asked.await);
        }
    };
    (Loader { calls }, work)
}

/// Gives the first row to the first caller, and so on. An error goes to the first caller.
fn by_position<K, V, E>(batch: Vec<Call<K, V, E>>, answer: Result<Vec<(K, V)>, E>) {
    let (rows, mut error) = match answer {
        Ok(rows) => (rows, None),
        Err(error) => (Vec::new(), Some(Failed::Backend(error))),
    };
    let mut values = rows.into_iter().map(|(_, value)| value);
    for Call { reply, .. } in batch {
        _ = reply.send(values.next().ok_or_else(|| error.take().unwrap_or(Failed::Missing)));
    }
}
