//! Every claim of the chapter, proven.

mod claims;
mod story;

use std::time::Duration;

use tokio::time::sleep;

type Answer = Result<&'static str, &'static str>;

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

/// Answers with its name after so many milliseconds.
async fn answer(name: &'static str, milliseconds: u64) -> Answer {
    sleep(ms(milliseconds)).await;
    Ok(name)
}

/// Fails with its name after so many milliseconds.
async fn failure(name: &'static str, milliseconds: u64) -> Answer {
    sleep(ms(milliseconds)).await;
    Err(name)
}

/// Panics after so many milliseconds.
async fn panicking(milliseconds: u64) -> Answer {
    sleep(ms(milliseconds)).await;
    panic!("boom")
}
