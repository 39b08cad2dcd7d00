//! What the checks of `task-group/all_or_none` play.

use std::any::Any;
use std::panic::AssertUnwindSafe;
use std::rc::Rc;
use std::sync::Arc;
use std::task::Poll;

use exam::{Call, Failure, LaneExt, Reply, Service, ms};
use futures::{FutureExt, poll};
use tokio::sync::Semaphore;
use tokio::time::sleep;

use super::given::{Mishap, Step};

pub(super) type Booked = Result<Vec<String>, Vec<Failure>>;
pub(super) type AllOrNone = Call<Vec<Step>, Booked>;

/// What the answer returned, in words, and whether all lines were free at that instant.
pub(super) type Seen = (String, bool);

const LINES: usize = 1_000;

/// Books a trip, checks the lines at the instant at which the answer returns, and waits for a while.
pub(super) async fn trip(book: AllOrNone, steps: Vec<Step>) -> Seen {
    let lines = steps.first().map(|step| Arc::clone(&step.lines));
    let booked = async {
        AssertUnwindSafe(book(steps))
            .catch_unwind()
            .await
            .map_or_else(|panic| panicked(&*panic), |booked| words(&booked))
    };
    let booked = booked.lane("all_or_none").await;
    let free = lines.is_none_or(|lines| lines.available_permits() == LINES);
    sleep(ms(200)).lane("the caller goes on").await;
    (booked, free)
}

fn steps(replies: impl IntoIterator<Item = (&'static str, Reply)>) -> Vec<Step> {
    let lines = Arc::new(Semaphore::new(LINES));
    let step = |(name, reply)| Step { service: Service::new(name, reply), lines: Arc::clone(&lines) };
    replies.into_iter().map(step).collect()
}

pub(super) fn a_thousand() -> Vec<Step> {
    steps((0..1_000).map(|number| ("step", Reply::ok(ms(500 + 7 * number % 300), format!("text {}", number / 2)))))
}

/// They end neither in the order of the list nor in its reverse.
pub(super) fn good() -> Vec<Step> {
    steps([
        ("flight", Reply::ok(ms(900), "seat 7")),
        ("hotel", Reply::ok(ms(200), "room 12")),
        ("car", Reply::ok(ms(600), "a red one")),
    ])
}

pub(super) fn one_fails() -> Vec<Step> {
    steps([
        ("flight", Reply::ok(ms(900), "seat 7")),
        ("hotel", Reply::err(ms(300), "is full")),
        ("car", Reply::ok(ms(600), "a red one")),
    ])
}

pub(super) fn two_fail() -> Vec<Step> {
    steps([
        ("flight", Reply::ok(ms(900), "seat 7")),
        ("hotel", Reply::err(ms(300), "is full")),
        ("hotel", Reply::err(ms(300), "is full")),
        ("car", Reply::err(ms(300), "is sold")),
        ("bicycle", Reply::err(ms(300), "is flat")),
    ])
}

/// How many of them end by themselves depends on when an answer stops the others.
pub(super) fn all_fail() -> Vec<Step> {
    steps((0..LINES).map(|_| ("hotel", Reply::err(ms(300), "is full"))))
}

/// One hotel among many flights.
pub(super) fn one_of_many(hotel: Reply) -> Vec<Step> {
    let flights = (1..LINES).map(|_| ("flight", Reply::ok(ms(900), "seat 7")));
    steps([("hotel", hotel)].into_iter().chain(flights))
}

/// The answer is polled once, and again when all steps have ended that run in tasks: its thread has other work meanwhile.
pub(super) fn looks_late(book: AllOrNone) -> AllOrNone {
    Rc::new(move |steps| {
        let mut booked = book(steps);
        Box::pin(async move {
            let begun = poll!(&mut booked);
            sleep(ms(400)).await;
            if let Poll::Ready(booked) = begun { booked } else { booked.await }
        })
    })
}

pub(super) fn one_panics() -> Vec<Step> {
    steps([
        ("flight", Reply::ok(ms(900), "seat 7")),
        ("hotel", Reply::panics(ms(300), "counts below zero")),
        ("car", Reply::ok(ms(600), "a red one")),
    ])
}

pub(super) fn one_fails_and_one_panics() -> Vec<Step> {
    steps([
        ("flight", Reply::ok(ms(900), "seat 7")),
        ("hotel", Reply::err(ms(300), "is full")),
        ("car", Reply::panics(ms(300), "counts below zero")),
    ])
}

pub(super) fn odd() -> Vec<Step> {
    steps([
        ("flight", Reply::ok(ms(3_000_000), " seat 7 ")),
        ("hotel", Reply::ok(ms(200), "")),
        ("car", Reply::ok(ms(200), "a red one")),
        ("bicycle", Reply::ok(ms(100), "a blue one")),
    ])
}

fn panicked(panic: &(dyn Any + Send)) -> String {
    let own = panic.downcast_ref().map(|Mishap(text)| format!("`{text}`"));
    let text = || Some(format!("a new panic, with the text `{}`", panic.downcast_ref::<String>()?));
    format!("nothing, but panicked with {}", own.or_else(text).unwrap_or("something else".to_owned()))
}

pub(super) fn words(booked: &Booked) -> String {
    match booked {
        Ok(texts) => format!("the texts `{}`", texts.join("`, `")),
        Err(failures) => {
            let mut failures: Vec<_> = failures.iter().map(ToString::to_string).collect();
            failures.sort_unstable();
            format!("the failures `{}`", failures.join("`, `"))
        }
    }
}
