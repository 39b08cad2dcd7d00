//! What the twin and the naive versions do, read off the recordings that the chapter shows.

use timeline::{Lane, Recording};

use crate::story::room;

const SERVICES: [&str; 4] = ["users", "orders", "stock", "prices"];

/// How long each request of the first group took.
fn first_group(recording: &Recording) -> [u64; 4] {
    SERVICES.map(|name| recording.lane(name).and_then(Lane::lasted).unwrap())
}

#[test]
fn asyncio_task_group_cancels_the_others_as_all_or_nothing_does() {
    for version in ["story", "twin"] {
        let recording = room().recorded(version);
        assert_eq!(recording.cancelled(), ["users", "orders"], "{version}");
        assert_eq!(recording.never_ended(), [""; 0], "{version}");
    }
}

#[test]
fn asyncio_gather_leaves_the_others_running() {
    let naive = room().recorded("twin-naive");
    assert_eq!(naive.cancelled(), [""; 0]);
    assert_eq!(naive.never_ended(), ["users"]);
    let report = naive.lane("report").unwrap();
    let orders = naive.named("orders").last().unwrap();
    assert!(orders.closed > Some(report.opened), "orders answered while the report was written");
}

#[test]
fn both_naive_stories_tell_the_same() {
    let [tokio, asyncio] = ["naive", "twin-naive"].map(|version| room().recorded(version));
    let ends = |recording: &Recording| {
        recording.lanes[1..5]
            .iter()
            .chain(&recording.lanes[6..])
            .map(|lane| (lane.name.clone(), lane.closed))
            .collect::<Vec<_>>()
    };
    assert_eq!(ends(&tokio), ends(&asyncio));
}

#[test]
fn the_right_stories_take_the_longest_request_and_the_naive_ones_the_sum() {
    for version in ["story", "twin"] {
        let recording = room().recorded(version);
        let longest = first_group(&recording).into_iter().max();
        assert_eq!(recording.lane("every_result").unwrap().lasted(), longest, "{version}");
    }
    for version in ["naive", "twin-naive"] {
        let recording = room().recorded(version);
        let sum = first_group(&recording).iter().sum();
        assert_eq!(recording.lane("one_by_one").unwrap().lasted(), Some(sum), "{version}");
    }
}
