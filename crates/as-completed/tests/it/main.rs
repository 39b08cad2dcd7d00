//! Every claim of the chapter, proven.

mod claims;
mod story;

use std::num::NonZeroUsize;
use std::time::Duration;

use timeline::LaneExt;
use tokio::time::sleep;

const TWO: NonZeroUsize = NonZeroUsize::new(2).unwrap();

type Answer = Result<&'static str, &'static str>;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
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
