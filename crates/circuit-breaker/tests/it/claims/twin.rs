//! What the stories show, read off the recordings.

use crate::story::room;

/// What a lane said, and when.
fn said(recording: &timeline::Recording, lane: &str) -> Vec<(u64, String)> {
    recording.lane(lane).unwrap().notes.iter().map(|note| (note.at, note.text.clone())).collect()
}

/// The two numbers of the last line: how many calls waited for a backend that was down, and how many calls there were.
fn in_vain(name: &str) -> [u32; 2] {
    let recording = room().recorded(name);
    let last = recording.notes.iter().map(|note| note.text.clone()).find(|text| text.contains("waited")).unwrap();
    let numbers: Vec<_> = last.split(' ').filter_map(|word| word.parse().ok()).collect();
    numbers.try_into().unwrap()
}

#[test]
fn in_the_stories_five_calls_wait_in_vain_and_eight_in_the_naive_ones() {
    assert_eq!(["story", "twin", "naive", "twin-naive"].map(in_vain), [[5, 51], [5, 51], [8, 46], [8, 46]]);
}

#[test]
fn in_both_stories_the_circuit_opens_twice_and_closes_with_the_second_probe() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let words = said(&recording, "circuit");
        let words: Vec<_> = words.iter().map(|(_, text)| text.as_str()).collect();
        assert_eq!(words, ["open", "half-open", "open", "half-open", "closed"]);
    }
}

#[test]
fn in_the_story_one_call_is_under_way_while_the_circuit_is_half_open_and_four_in_the_naive_one() {
    for (name, most) in [("story", 1), ("naive", 4)] {
        let recording = room().recorded(name);
        let circuit = said(&recording, "circuit");
        let (from, until) = (circuit[1].0, circuit[2].0);
        let calls = recording.levels.iter().find(|level| level.name == "calls").unwrap();
        let peak = calls.values.iter().filter(|value| (from..until).contains(&value.at)).map(|value| value.value).max();
        assert_eq!(peak, Some(most));
    }
}

#[test]
fn in_the_stories_no_level_has_the_name_of_a_lane() {
    for name in ["story", "naive", "twin", "twin-naive"] {
        let recording = room().recorded(name);
        for level in &recording.levels {
            assert!(recording.lane(&level.name).is_none(), "{}", level.name);
        }
    }
}
