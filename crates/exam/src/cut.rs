//! Cuts two timelines to what matters: a verdict has room for a few lanes, and for the time in which both go on.

use std::collections::BTreeMap;

use timeline::{Lane, Micros, Outcome, Recording};

use crate::fault::seconds_apart;

/// The longer timeline is drawn up to this many times as long as the shorter one.
const LONGER: Micros = 4;

/// Which call a lane is: its name, and its number among the calls of that name.
pub(crate) type Key<'a> = (&'a str, usize);

/// How a lane went. Two lanes with the same course look alike.
pub(crate) type Course = (Option<Outcome>, Option<Micros>, Option<Micros>);

/// Both timelines with at most `most` lanes, and without the time in which only one of them goes on. Empty if they are the same.
///
/// The lanes that `text` names come first, then those that differ. The titles say what was left out.
/// If `text` says that too many calls went on at once, and not all of them fit, only the answer's timeline is drawn, in the room of both.
pub(crate) fn what_matters(mine: &Recording, possible: Option<&Recording>, text: &str, most: usize) -> Vec<Recording> {
    let crowd = |recording: &Recording| recording.peak_where(|_| true);
    let is_cut = most < mine.lanes.len() && text.contains(" at once");
    let is_crowded = is_cut && possible.is_some_and(|possible| crowd(mine) > crowd(possible));
    let most = if is_crowded { 2 * most + 1 } else { most };
    let (ours, theirs) = (courses(mine), possible.map(courses).unwrap_or_default());
    let titled = |recording: &Recording, more: &str| Recording {
        title: format!("{}{more}", recording.title),
        ..recording.clone()
    };
    let drawn = match possible {
        Some(_) if is_crowded => vec![mine.clone()],
        Some(possible) if ours != theirs => vec![mine.clone(), possible.clone()],
        // Two equal pictures explain nothing.
        Some(possible) if mine.ended == possible.ended => Vec::new(),
        // The lanes do not show when the answer ended, so the titles say it.
        Some(possible) => {
            let (end, right) = seconds_apart(mine.ended, possible.ended);
            vec![titled(mine, &format!(", over at {end}")), titled(possible, &format!(", over at {right}"))]
        }
        None => vec![mine.clone()],
    };
    let shorter = drawn.iter().map(|recording| recording.ended).min().unwrap_or(0);
    let until = Some(LONGER * shorter).filter(|until| *until > 0);
    let text = text.to_lowercase();
    let rank = |key: &Key<'_>, lane: &Lane| match lane.outcome {
        // A lane that panicked explains the others.
        Some(Outcome::Panicked) => 0,
        _ if is_named(&text, &lane.name.to_lowercase()) => 1,
        _ if ours.get(key) != theirs.get(key) => 2,
        Some(Outcome::Failed) => 3,
        _ => 4,
    };
    let cut = |recording: Recording| {
        let all = recording.lanes.len();
        in_lanes(in_time(recording, until), all, most, rank)
    };
    drawn.into_iter().map(cut).collect()
}

/// Whether a text names this lane (`tea`, ``the call of `price tea` ``), or all lanes with the same first word (`` 3 calls of `price` ``).
fn is_named(text: &str, lane: &str) -> bool {
    let (lane, is_word) = (lane.trim_end(), char::is_alphanumeric);
    let first = lane.split(' ').next().unwrap_or_default();
    let mut places = text.match_indices(lane).map(|(at, _)| (&text[..at], &text[at + lane.len()..]));
    !lane.is_empty()
        && (places.any(|(before, after)| !before.ends_with(is_word) && !after.starts_with(is_word))
            || text.contains(&format!("`{first}`")))
}

/// How each lane went. If two recordings have the same courses, their drawings look alike.
pub(crate) fn courses(recording: &Recording) -> BTreeMap<Key<'_>, Course> {
    keyed(recording).map(|(key, lane)| (key, (lane.outcome, lane.started(), lane.closed))).collect()
}

fn keyed(recording: &Recording) -> impl Iterator<Item = (Key<'_>, &Lane)> {
    let mut seen = BTreeMap::<&str, usize>::new();
    recording.lanes.iter().map(move |lane| {
        let number = seen.entry(&lane.name).or_default();
        *number += 1;
        ((lane.name.as_str(), *number), lane)
    })
}

fn in_lanes(mut recording: Recording, all: usize, most: usize, rank: impl Fn(&Key<'_>, &Lane) -> usize) -> Recording {
    let ranks: Vec<_> = keyed(&recording).map(|(key, lane)| rank(&key, lane)).collect();
    let mut shown = Vec::new();
    for wanted in 0..=4 {
        let numbers: Vec<_> = (0..ranks.len()).filter(|number| ranks[*number] == wanted).collect();
        shown.extend(spread(&numbers, most - shown.len()));
    }
    shown.sort_unstable();
    // A lane whose parent is not shown gets no parent.
    let parent = |lane: &Lane| lane.parent.and_then(|parent| shown.binary_search(&parent).ok());
    let lanes = shown.iter().map(|number| &recording.lanes[*number]);
    recording.lanes = lanes.map(|lane| Lane { parent: parent(lane), ..lane.clone() }).collect();
    if shown.len() < all {
        recording.title = format!("{}, {} of {all} lanes", recording.title, shown.len());
    }
    recording
}

/// At most `most` of these numbers: the first, the last, and some in between.
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

    /// `count` calls at once. Call `late` takes five seconds.
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
        let [mine, possible] = &what_matters(&recording(100, 37), Some(&recording(100, 1_000)), "", 3)[..] else {
            panic!("both are drawn")
        };
        assert_eq!(names(mine), ["call 0", "call 37", "call 99"]);
        assert_eq!(names(possible), names(mine));
        assert!(mine.title.contains("3 of 100 lanes"), "{}", mine.title);
    }

    #[test]
    fn lanes_that_the_text_names_come_first() {
        let shown = |text| {
            let drawn = what_matters(&recording(100, 37), Some(&recording(100, 1_000)), text, 3);
            names(&drawn[0]).join(", ")
        };
        assert_eq!(shown("Call 41 was never woken."), "call 0, call 37, call 41");
        assert_eq!(shown("`call 41` waits for call 7."), "call 7, call 37, call 41");
        assert_eq!(shown("Each `call` waits."), "call 0, call 49, call 99");
    }

    #[test]
    fn equal_timelines_are_not_drawn() {
        let run = recording(3, 9);
        assert_eq!(what_matters(&run, Some(&run), "", 3), []);
    }

    #[test]
    fn too_many_calls_at_once_get_the_room_of_both_timelines() {
        let (mine, possible) = (recording(7, 9), recording(3, 9));
        let [drawn] = &what_matters(&mine, Some(&possible), "7 calls were made at once.", 3)[..] else {
            panic!("one is drawn")
        };
        assert_eq!(drawn.lanes.len(), 7);
        // Both are drawn if all lanes fit, or if the complaint is another one.
        assert_eq!(what_matters(&mine, Some(&possible), "7 calls were made at once.", 7).len(), 2);
        assert_eq!(what_matters(&mine, Some(&possible), "7 calls were made.", 3).len(), 2);
    }

    #[test]
    fn if_the_lanes_are_the_same_the_titles_say_when_each_run_ended() {
        let run = recording(3, 9);
        let late = Recording { ended: run.ended + 9_000, ..run.clone() };
        let drawn = what_matters(&late, Some(&run), "", 3);
        assert!(drawn[0].title.ends_with(", over at 0.02 s"), "{}", drawn[0].title);
        assert!(drawn[1].title.ends_with(", over at 0.01 s"), "{}", drawn[1].title);
    }

    #[test]
    fn the_time_after_the_other_has_ended_is_cut() {
        let drawn = what_matters(&recording(3, 2), Some(&recording(3, 1_000)), "", 3);
        assert_eq!(drawn.iter().map(|recording| recording.ended).collect::<Vec<_>>(), [48_000, 12_000]);
        assert!(drawn[0].title.ends_with("its first 0.05 s"), "{}", drawn[0].title);
        assert_eq!(drawn[0].lanes[2].outcome, None);
        assert_eq!(what_matters(&recording(3, 2), None, "", 3)[0].ended, 5_000_000);
    }
}
