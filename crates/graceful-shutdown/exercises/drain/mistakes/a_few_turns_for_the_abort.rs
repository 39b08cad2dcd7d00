//! "After the abort, a few turns of the runtime are enough": with hundreds of tasks, some still run at the flush.
//!
//! Caught by: aborts hundreds, and flushes after them

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::{JoinSet, yield_now};
use tokio::time::timeout;

use super::given::{End, Request, Shop};

/// How long all requests together may take after the signal.
const GRACE: Duration = Duration::from_secs(2);

/// Serves until the first signal. Then it shuts down in order, and at the second signal it returns immediately.
pub async fn serve(mut signals: mpsc::Receiver<()>, mut requests: mpsc::Receiver<Request>, shop: Shop) -> End {
    let mut tasks = JoinSet::new();
    loop {
        tokio::select! {
            biased;
            _ = signals.recv() => break,
            Some(request) = requests.recv() => { tasks.spawn(handle(request, shop.clone())); }
            // Removes the tasks that have ended from the set, which keeps them otherwise.
            Some(_) = tasks.join_next() => {}
        }
    }
    drop(requests);
    let end = async {
        let aborted = drain(&mut tasks).await;
        shop.flush().await;
        End::Drained { aborted }
    };
    tokio::select! {
        biased;
        _ = signals.recv() => End::AtOnce,
        end = end => end,
    }
}

async fn handle(request: Request, shop: Shop) {
    shop.work(request.number).await;
    // The client may have left.
    _ = request.reply.send(());
    shop.mail(request.number).await;
}

/// Waits for all tasks, aborts those that take too long, and returns how many it aborted.
async fn drain(tasks: &mut JoinSet<()>) -> usize {
    let all = async { while tasks.join_next().await.is_some() {} };
    _ = timeout(GRACE, all).await;
    let aborted = tasks.len();
    tasks.abort_all();
    for _ in 0..3 {
        yield_now().await;
    }
    aborted
}
