//! What the pictures show.

use timeline::Recording;

use crate::story::room;

/// What the lanes of a recording said, in its order: `ada 1` for its first piece.
fn pieces(recording: &Recording) -> Vec<String> {
    let notes =
        recording.lanes.iter().flat_map(|lane| lane.notes.iter().map(move |note| (note.seq, &lane.name, &note.text)));
    let mut notes: Vec<_> = notes.filter(|(_, lane, _)| !lane.starts_with("bell")).collect();
    notes.sort_by_key(|(seq, ..)| *seq);
    let piece =
        |text: &str| text.strip_prefix("piece ").and_then(|rest| rest.split(' ').next()).unwrap_or("").to_owned();
    notes.into_iter().map(|(_, lane, text)| format!("{lane} {}", piece(text)).trim_end().to_owned()).collect()
}

#[test]
fn in_the_story_three_tasks_take_turns_and_the_tea_waits_for_two_rounds() {
    let taken = pieces(&room().recorded("story"));
    let expected = "ada 1, bob 1, cyd 1, ada 2, bob 2, cyd 2, ada 3, bob 3, cyd 3, tea, cyd 4, cyd 5, cyd 6";
    assert_eq!(taken.join(", "), expected);
}

#[test]
fn in_the_naive_story_cyd_does_all_of_its_pieces_at_once_and_holds_the_others_up() {
    let recording = room().recorded("naive");
    let taken = pieces(&recording);
    let expected = "ada 1, bob 1, cyd 1, cyd 2, cyd 3, cyd 4, cyd 5, cyd 6, ada 2, bob 2, ada 3, bob 3, tea";
    assert_eq!(taken.join(", "), expected);
    assert!(recording.longest_ready("ada") > 2 * room().recorded("story").longest_ready("ada"));
}

#[test]
fn in_asyncio_the_order_is_the_same_but_for_the_tea() {
    let without_tea =
        |name| pieces(&room().recorded(name)).into_iter().filter(|piece| piece != "tea").collect::<Vec<_>>();
    assert_eq!(without_tea("twin"), without_tea("story"));
    assert_eq!(without_tea("twin-naive"), without_tea("naive"));
}

#[test]
fn the_bells_ring_in_the_order_of_their_timers() {
    for name in ["story", "naive", "twin", "twin-naive"] {
        let recording = room().recorded(name);
        let bells: Vec<_> = recording.finish_order().into_iter().filter(|lane| lane.starts_with("bell")).collect();
        assert_eq!(bells, ["bell 2", "bell 3", "bell 5"], "{name}");
    }
}
