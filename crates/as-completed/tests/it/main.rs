//! Every claim of the chapter, proven.

mod claims;
mod story;

use std::num::NonZeroUsize;
use std::time::Duration;

use timeline::LaneExt;
use tokio::sync::oneshot;
use tokio::time::sleep;

const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

type Answer = Result<&'static str, &'static str>;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// A task's end, seen from outside: `ended` is an error once the guard is dropped, on whatever thread.
fn watched<F: Future>(future: F) -> (impl Future<Output = F::Output>, oneshot::Receiver<()>) {
    let (ends, ended) = oneshot::channel();
    let watched = async move {
        let output = future.await;
        drop(ends);
        output
    };
    (watched, ended)
}

/// Responds like this after so many milliseconds, in a lane of that name.
async fn respond(answer: Answer, milliseconds: u64) -> Answer {
    let response = async {
        sleep(ms(milliseconds)).await;
        answer
    };
    response.try_lane(answer.unwrap_or_else(|name| name)).await
}

/// Answers with its name after so many milliseconds, in a lane of that name.
async fn answer(name: &'static str, milliseconds: u64) -> Answer {
    respond(Ok(name), milliseconds).await
}
