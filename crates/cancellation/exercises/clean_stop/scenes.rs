//! What the checks of `cancellation/clean_stop` play.

use std::time::Duration;

use exam::{LaneExt, Reply, Service, ms};
use tokio::join;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// When the worker is asked to stop, its meter, and its store.
pub(super) type Input = (Duration, Service, Service);

/// What the worker returned, or nothing if it was still running a minute after the token was cancelled.
pub(super) type Returned = Option<bool>;

/// In the pause after the third reading. Not a round number, so that a loop does not check at this moment by chance.
pub(super) const STOP: Duration = ms(25_037);

/// A store that takes this many milliseconds.
pub(super) fn stores(after: u64) -> Service {
    Service::new("store", Reply::ok(ms(after), ""))
}

pub(super) fn slow_the_second_time() -> Service {
    Service::new("read", Reply::ok(ms(400), "7")).then(Reply::ok(ms(6_000), "8"))
}

pub(super) fn busy_the_second_time() -> Service {
    Service::new("read", Reply::ok(ms(400), "7")).then(Reply::err(ms(200), "is busy")).then(Reply::ok(ms(400), "9"))
}

/// A meter that counts on from 7.
pub(super) fn counting() -> Service {
    (8..=20).fold(Service::new("read", Reply::ok(ms(400), "7")), |read, number| {
        read.then(Reply::ok(ms(400), number.to_string()))
    })
}

/// In a pause, after about 350 readings of a quick meter.
pub(super) const LONG: Duration = ms(3_507_037);

/// A meter over a long time: it fails sixty times in a row, it is slow, and very slow, and it repeats a reading.
pub(super) fn for_a_long_time() -> Service {
    (1..=400).fold(Service::new("read", Reply::ok(ms(400), text(0))), |read, number| {
        read.then(match number {
            20..=79 => Reply::err(ms(400), "is busy"),
            85 => Reply::ok(ms(33_000), text(number)),
            90 => Reply::ok(ms(1_500_000), text(number)),
            _ => Reply::ok(ms(400), text(number)),
        })
    })
}

/// A meter that is always quick.
pub(super) fn quick_for_a_long_time() -> Service {
    (1..=400).fold(Service::new("read", Reply::ok(ms(10), text(0))), |read, number| {
        read.then(Reply::ok(ms(10), text(number)))
    })
}

/// Four readings in a row are the same, the first and another one are empty, and one has blanks.
pub(super) fn text(number: usize) -> String {
    match number {
        0 | 100 => String::new(),
        110 => " about 17 ".to_owned(),
        _ => (number / 4).to_string(),
    }
}

/// Runs the worker, and asks it to stop.
pub(super) async fn until(
    (stop, read, store): Input,
    worker: impl AsyncFnOnce(CancellationToken, Service, Service) -> bool,
) -> Returned {
    let token = CancellationToken::new();
    if stop.is_zero() {
        token.cancel();
    }
    let asking = async {
        sleep(stop).await;
        token.cancel();
    };
    let working = timeout(stop + ms(60_000), worker(token.clone(), read, store));
    let (returned, ()) = join!(working, asking.lane("until the stop"));
    returned.ok()
}
