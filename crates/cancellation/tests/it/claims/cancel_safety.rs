//! Cancel safety: what a future loses that is dropped halfway and made anew, as a `select!` in a loop does.

mod a_select_loop_around_a_read;
mod nothing_is_lost_by;
mod ones_place_in_the_queue;
mod something_is_lost_by;

use std::io;
use std::pin::pin;

use cancellation::{Frames, naive};
use room::everywhere;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, DuplexStream, duplex};
use tokio::sync::{Barrier, Mutex, Notify, Semaphore, broadcast, mpsc, oneshot, watch};
use tokio::task::{JoinSet, yield_now};
use tokio::time::{interval, sleep};
use tokio_test::task::spawn;
use tokio_test::{assert_pending, assert_ready};

use crate::ms;

/// Polls a future once, finds it pending, and drops it: what a `select!` does with a loser.
fn lose<F: Future<Output: std::fmt::Debug>>(future: F) {
    assert_pending!(spawn(future).poll());
}
