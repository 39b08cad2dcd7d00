//! What of two timelines matters: a verdict has room for a few lanes, and for the time in which both go on.

use std::collections::BTreeMap;

use timeline::{Lane, Micros, Outcome, Recording};

/// How many times as long as the shorter timeline the longer one is drawn.
const LONGER: Micros = 4;

/// Which call a lane is: its name, and its number among the calls of that name.
type Key<'a> = (&'a str, usize);

/// How a lane went: two lanes that agree in it look alike.
type Course = (Option<Outcome>, Option<Micros>, Option<Micros>);

/// Both timelines with at most `most` lanes, those that differ first, and without the time in which only one of them goes on.
///
/// The titles say what was left out.
pub(crate) fn to_what_matters(mine: &Recording, possible: Option<&Recording>, most: usize) -> Vec<Recording> {
    let both = || [Some(mine), possible].into_iter().flatten();
    let shorter = both().map(|recording| recording.ended).min().unwrap_or(0);
    let until = Some(LONGER * shorter).filter(|until| *until > 0);
    let [ours, theirs] = [courses(Some(mine)), courses(possible)];
    let differs = |key: &Key<'_>| ours.get(key) != theirs.get(key);
    both().map(|recording| in_lanes(in_time(recording.clone(), until), recording.lanes.len(), most, differs)).collect()
}

fn courses(recording: Option<&Recording>) -> BTreeMap<Key<'_>, Course> {
    recording
        .into_iter()
        .flat_map(keyed)
        .map(|(key, lane)| (key, (lane.outcome, lane.started(), lane.closed)))
        .collect()
}

fn keyed(recording: &Recording) -> impl Iterator<Item = (Key<'_>, &Lane)> {
    let mut seen = BTreeMap::<&str, usize>::new();
    recording.lanes.iter().map(move |lane| {
        let number = seen.entry(&lane.name).or_default();
        *number += 1;
        ((lane.name.as_str(), *number), lane)
    })
}

fn in_lanes(mut recording: Recording, all: usize, most: usize, differs: impl Fn(&Key<'_>) -> bool) -> Recording {
    // What panicked explains the rest; after it comes what differs.
    let rank = |key: &Key<'_>, lane: &Lane| match lane.outcome {
        Some(Outcome::Panicked) => 0,
        _ if differs(key) => 1,
        Some(Outcome::Failed) => 2,
        _ => 3,
    };
    let ranks: Vec<_> = keyed(&recording).map(|(key, lane)| rank(&key, lane)).collect();
    let mut shown = Vec::new();
    for wanted in 0..=3 {
        let numbers: Vec<_> = (0..ranks.len()).filter(|number| ranks[*number] == wanted).collect();
        shown.extend(spread(&numbers, most - shown.len()));
    }
    shown.sort_unstable();
    // A lane whose parent is not shown stands alone.
    let parent = |lane: &Lane| lane.parent.and_then(|parent| shown.binary_search(&parent).ok());
    let lanes = shown.iter().map(|number| &recording.lanes[*number]);
    recording.lanes = lanes.map(|lane| Lane { parent: parent(lane), ..lane.clone() }).collect();
    if shown.len() < all {
        recording.title = format!("{}, {} of {all} lanes", recording.title, shown.len());
    }
    recording
}

/// At most so many of them: the first, the last, and some in between.
fn spread(numbers: &[usize], most: usize) -> Vec<usize> {
    match most.min(numbers.len()) {
        0 => Vec::new(),
        1 => vec![numbers[0]],
        count => (0..count).map(|index| numbers[index * (numbers.len() - 1) / (count - 1)]).collect(),
    }
}

fn in_time(mut recording: Recording, until: Option<Micros>) -> Recording {
    let Some(until) = until.filter(|until| *until < recording.ended) else { return recording };
    recording.title = format!("{}, its first {}", recording.title, crate::seconds(until));
    recording.ended = until;
    recording.lanes.retain(|lane| lane.opened <= until);
    for lane in &mut recording.lanes {
        if lane.closed.is_some_and(|closed| closed > until) {
            (lane.closed, lane.outcome) = (None, None);
        }
        lane.polls.retain(|poll| poll.at <= until);
        for poll in &mut lane.polls {
            poll.until = poll.until.min(until);
        }
    }
    recording
}

#[cfg(test)]
mod tests {
    use timeline::{Clock, LaneExt, record};
    use tokio::time::sleep;

    use super::*;
    use crate::ms;

    /// So many calls at once, one of which takes five seconds.
    fn recording(count: u64, late: u64) -> Recording {
        let calls = async {
            let mut calls = tokio::task::JoinSet::new();
            for number in 0..count {
                let after = if number == late { 5_000 } else { 10 + number };
                calls.spawn(sleep(ms(after)).lane(format!("call {number}")));
            }
            calls.join_all().await;
        };
        record(Clock::Virtual, calls).1
    }

    fn names(recording: &Recording) -> Vec<&str> {
        recording.lanes.iter().map(|lane| lane.name.as_str()).collect()
    }

    #[test]
    fn lanes_that_differ_come_first() {
        let [mine, possible] = &to_what_matters(&recording(100, 37), Some(&recording(100, 1_000)), 3)[..] else {
            panic!("both are drawn")
        };
        assert_eq!(names(mine), ["call 0", "call 37", "call 99"]);
        assert_eq!(names(possible), names(mine));
        assert!(mine.title.contains("3 of 100 lanes"), "{}", mine.title);
    }

    #[test]
    fn the_time_after_the_other_has_ended_is_cut() {
        let drawn = to_what_matters(&recording(3, 2), Some(&recording(3, 1_000)), 3);
        assert_eq!(drawn.iter().map(|recording| recording.ended).collect::<Vec<_>>(), [48_000, 12_000]);
        assert!(drawn[0].title.ends_with("its first 0.05 s"), "{}", drawn[0].title);
        assert_eq!(drawn[0].lanes[2].outcome, None);
        assert_eq!(to_what_matters(&recording(3, 2), None, 3)[0].ended, 5_000_000);
    }
}
