//! "I have a tracker for the tasks": a tracker waits for tasks, and stops none when it is dropped.
//!
//! Caught by: stops everything when its caller gives up

use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::given::{End, Request, Shop};

/// How long all requests together may take after the signal.
const GRACE: Duration = Duration::from_secs(2);

/// Serves until the first signal. Then it shuts down in order, and at the second signal it returns immediately.
pub async fn serve(mut signals: mpsc::Receiver<()>, mut requests: mpsc::Receiver<Request>, shop: Shop) -> End {
    let (tasks, cut) = (TaskTracker::new(), CancellationToken::new());
    loop {
        tokio::select! {
            biased;
            _ = signals.recv() => break,
            Some(request) = requests.recv() => {
                tasks.spawn(cut.clone().run_until_cancelled_owned(handle(request, shop.clone())));
            }
        }
    }
    drop(requests);
    let end = async {
        let aborted = drain(&tasks, &cut).await;
        shop.flush().await;
        End::Drained { aborted }
    };
    tokio::select! {
        biased;
        _ = signals.recv() => {
            cut.cancel();
            End::AtOnce
        }
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
async fn drain(tasks: &TaskTracker, cut: &CancellationToken) -> usize {
    tasks.close();
    _ = timeout(GRACE, tasks.wait()).await;
    let aborted = tasks.len();
    cut.cancel();
    tasks.wait().await;
    aborted
}
