//! The services that the checks of `wait/done_by_then` play.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use exam::{Reply, Service, ms};

/// The order of completion is not the order of the services, nor its reverse; after 600 ms two have answered.
pub(super) fn four() -> Vec<Service> {
    [("weather", 1_150, "sunny"), ("news", 300, "all is well"), ("prices", 900, "9.99"), ("ads", 500, "buy this")]
        .map(service)
        .to_vec()
}

pub(super) fn service((name, after, text): (&str, u64, &str)) -> Service {
    Service::new(name, Reply::ok(ms(after), text))
}

/// One fails in time, one later, and one takes far longer than the limit.
pub(super) fn two_broken() -> Vec<Service> {
    let [news, prices] = [("news", 300, "is down"), ("prices", 900, "is busy")]
        .map(|(name, after, what)| Service::new(name, Reply::err(ms(after), what)));
    vec![service(("weather", 2_700, "sunny")), news, prices, service(("ads", 500, "buy this"))]
}

/// It would answer a second call. Another service has failed before.
pub(super) fn one_panics() -> Vec<Service> {
    let stock = Service::new("stock", Reply::panics(ms(400), "counts below zero"));
    [two_broken(), vec![stock.then(Reply::ok(ms(100), "3"))]].concat()
}

pub(super) fn odd() -> Vec<Service> {
    let broken = ["prices", "weather"].map(|name| Service::new(name, Reply::err(ms(300), "is down")));
    let others = [
        ("archive", 3_300_000, "in the cellar"),
        ("news", 2_000_000, "all is well"),
        ("ads", 500, ""),
        ("motto", 700, " on and on "),
    ];
    broken.into_iter().chain(others.map(service)).collect()
}

/// More than the limits that answers set. After 900 ms half of them have answered: more than the 128 operations that Tokio lets a task complete in one poll.
/// Some have the same name, some give the same answer, and every third fails.
pub(super) fn thousand() -> Vec<Service> {
    let service = |number: u64| {
        let (after, text) = (ms(301 + 4 * (137 * number % 300)), format!("says {}", number % 70));
        let reply = if number.is_multiple_of(3) { Reply::err(after, text) } else { Reply::ok(after, text) };
        Service::new(&format!("service {}", number % 900), reply)
    };
    (0..1_100).map(service).collect()
}

/// It panics after the limit.
pub(super) fn one_panics_late() -> Vec<Service> {
    [two_broken(), vec![Service::new("stock", Reply::panics(ms(1_400), "counts below zero"))]].concat()
}

pub(super) fn one_slow() -> Vec<Service> {
    vec![service(("weather", 2_700, "sunny"))]
}

/// This future, in a task that has much to do: after each wake, all other tasks get their turns first.
pub(super) async fn with_late_turns<T>(future: impl Future<Output = T>) -> T {
    const TURNS: u32 = 8;
    let (mut future, mut left) = (pin!(future), 0);
    poll_fn(|context| {
        if left > 0 {
            left -= 1;
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        left = TURNS;
        future.as_mut().poll(context)
    })
    .await
}
