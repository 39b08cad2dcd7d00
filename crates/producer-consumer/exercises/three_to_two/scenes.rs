//! What the checks of `producer-consumer/three_to_two` play.

use exam::{Failure, Reply, Service, ms};
use futures::StreamExt;
use futures::stream::{self, BoxStream};

pub(super) type Sources = [BoxStream<'static, String>; 3];
pub(super) type Results = Vec<Result<String, Failure>>;

/// The places of the queue, and one item that each producer holds.
pub(super) const MOST_WAITING: i32 = 5;

/// The items of the three sources, each with the milliseconds that it takes to make and to work on.
type Script = [&'static [(&'static str, u64, u64)]; 3];

/// One source has more to make than the others, which end early.
pub(super) fn everyday() -> (Sources, Service) {
    scenery([&[("a1", 100, 300), ("a2", 150, 350), ("a3", 160, 270)], &[("b1", 130, 410)], &[("c1", 190, 230)]])
}

pub(super) fn one_long_item() -> (Sources, Service) {
    scenery([&[("a1", 100, 900), ("a2", 110, 150)], &[("b1", 130, 140), ("b2", 160, 230)], &[("c1", 190, 170)]])
}

/// The sources are much faster than the workers.
pub(super) fn burst() -> (Sources, Service) {
    scenery([
        &[("a1", 21, 310), ("a2", 22, 320), ("a3", 23, 330), ("a4", 24, 340)],
        &[("b1", 31, 415), ("b2", 32, 425), ("b3", 33, 435)],
        &[("c1", 41, 505), ("c2", 42, 515), ("c3", 43, 525)],
    ])
}

/// Both consumers get a failure, and there is more work after it.
pub(super) fn with_failures() -> (Sources, Service) {
    const C: &[(&str, u64, u64)] = &[("c1", 190, 230), ("c2", 90, 180)];
    scenery([&[("bad a1", 100, 300), ("a2", 150, 350), ("a3", 160, 270)], &[("bad b1", 130, 410)], C])
}

/// An empty item, and one that two sources make; an empty result, and one with blanks.
pub(super) fn odd_items() -> (Sources, Service) {
    scenery([
        &[("a1", 100, 300), ("", 150, 350), ("a3", 160, 270)],
        &[("b1", 130, 410), ("mute b2", 110, 120)],
        &[("b1", 130, 410), (" with blanks ", 70, 90)],
    ])
}

/// Two items wait when a consumer becomes free, and a third comes before the other consumer is free. No source ever waits for a place.
pub(super) fn in_line() -> (Sources, Service) {
    scenery([&[("a1", 100, 500), ("a2", 140, 210)], &[("b1", 130, 570), ("b2", 510, 180)], &[("c1", 190, 330)]])
}

pub(super) fn many() -> (Sources, Service) {
    scenery([&[("a", 11, 23); 400], &[("b", 13, 29); 400], &[("bad c", 17, 31); 400]])
}

/// Both consumers work for a long time while a source waits for a place. Then nothing comes for minutes, except one last item.
pub(super) fn quiet() -> (Sources, Service) {
    scenery([&[("a1", 100, 300), ("a2", 3_000_000, 250)], &[("b1", 130, 410)], &[("c", 70, 360_000); 6]])
}

pub(super) fn slow_work() -> (Sources, Service) {
    scenery([&[("a1", 100, 3_300_000), ("a2", 150, 250)], &[("b1", 130, 410)], &[("c1", 190, 230)]])
}

pub(super) fn scenery(script: Script) -> (Sources, Service) {
    let items = || script.into_iter().flatten();
    let unknown = |name| Service::new(name, Reply::err(ms(10), "knows no such item"));
    let make = items().fold(unknown("make"), |make, (item, made, _)| {
        let reply = if item.starts_with("broken") {
            Reply::panics(ms(*made), "is broken")
        } else {
            Reply::ok(ms(*made), *item)
        };
        make.on(*item, reply)
    });
    let work = items().fold(unknown("work"), |work, (item, _, worked)| {
        let after = ms(*worked);
        match item.split(' ').next() {
            Some("bad") => work.on(*item, Reply::err(after, format!("cannot read {item}"))),
            Some("mute") => work.on(*item, Reply::ok(after, "")),
            // A second call would succeed.
            Some("torn") => work.on(*item, Reply::panics(after, "tears it")).on(*item, Reply::ok(after, "done")),
            _ => work.on(*item, Reply::ok(after, format!("{item} is done "))),
        }
    });
    let source = |items: &'static [(&str, u64, u64)]| {
        let make = make.clone();
        stream::iter(items).then(move |(item, ..)| make.call(item)).filter_map(async |made| made.ok()).boxed()
    };
    (script.map(source), work)
}
