//! What the checks of `as-completed/first_three` play.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

use exam::{Reply, Service, ms};

/// An insurer with its name in its offer.
fn offers(name: &str, after: u64) -> Service {
    Service::new(name, Reply::ok(ms(after), name))
}

fn refuses(name: &str, after: u64) -> Service {
    Service::new(name, Reply::err(ms(after), "insures no bicycles"))
}

/// They answer neither in the order of the list nor in its reverse.
pub(super) fn insurers() -> Vec<Service> {
    vec![offers("Acorn", 903), offers("Beech", 421), offers("Cedar", 207), offers("Elm", 733), offers("Fir", 313)]
}

/// Two refuse before the third offer comes.
pub(super) fn some_refuse() -> Vec<Service> {
    let mut insurers = insurers();
    insurers.insert(3, refuses("Date", 251));
    insurers.push(refuses("Gum", 103));
    insurers
}

/// Four others have an offer. The one that panics has an offer if you ask it again.
pub(super) fn one_panics(after: u64) -> Vec<Service> {
    let mut insurers = insurers();
    insurers[2] = Service::new("Cedar", Reply::panics(ms(after), "divides by zero")).then(Reply::ok(ms(20), "Cedar"));
    insurers
}

/// After two refusals, three offers are impossible. The second offer comes after fifty minutes.
pub(super) fn two_offers() -> Vec<Service> {
    vec![
        offers("Acorn", 3_000_000),
        refuses("Beech", 307_000),
        offers("Cedar", 211_000),
        refuses("Date", 101_000),
        refuses("Elm", 809_000),
    ]
}

pub(super) fn one_refuses() -> Vec<Service> {
    vec![refuses("Fir", 211_000)]
}

pub(super) fn no_offer() -> Vec<Service> {
    vec![refuses("Fir", 211_000), refuses("Gum", 97_000)]
}

/// Two insurers have the same name, and offer the same.
pub(super) fn look_alikes() -> Vec<Service> {
    [("Acorn", 903, "4 a month"), ("Beech", 307, "7 a month"), ("Cedar", 211, "9 a month"), ("Beech", 503, "7 a month")]
        .map(offer)
        .into()
}

pub(super) fn odd_offers() -> Vec<Service> {
    [
        ("Acorn", 3_000_000, "4 a month"),
        ("Beech", 1_307_000, " on request "),
        ("Cedar", 211, ""),
        ("Elm", 2_000_000, "7 a month"),
    ]
    .map(offer)
    .into()
}

fn offer((name, after, text): (&str, u64, &str)) -> Service {
    Service::new(name, Reply::ok(ms(after), text))
}

pub(super) fn at_the_same_instant() -> Vec<Service> {
    vec![offers("Acorn", 903), offers("Beech", 311), offers("Cedar", 531), offers("Elm", 311), offers("Fir", 531)]
}

/// More than the limits that answers set: three quick offers near the end of the list, after hundreds of refusals and some slow offers.
pub(super) fn thousand() -> Vec<Service> {
    let insurer = |number: u64| match (format!("insurer {number}"), number) {
        (name, 1_091 | 1_096 | 1_100) => offers(&name, 100 + number * 37 % 41),
        (name, _) if number.is_multiple_of(10) => offers(&name, 600 + 10 * (7 * number % 41)),
        (name, _) => refuses(&name, 50 + number % 47),
    };
    (1..=1_100).map(insurer).collect()
}

/// Three offers come at the same instant as hundreds of refusals.
pub(super) fn crowd() -> Vec<Service> {
    let insurer = |number: u64| match (format!("insurer {number}"), number) {
        (name, 12 | 151 | 290) => offers(&name, 97),
        (name, 20 | 200) => offers(&name, 800 + number),
        (name, _) => refuses(&name, 97),
    };
    (1..=300).map(insurer).collect()
}

/// A hundred offers come at the same instant, all with the same text.
pub(super) fn offers_alike() -> Vec<Service> {
    (1..=100).map(|number| Service::new(&format!("insurer {number}"), Reply::ok(ms(97), "4 a month"))).collect()
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
