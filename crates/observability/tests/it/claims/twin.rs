//! What the stories show, read off the recordings.

use timeline::Recording;

use crate::story::room;

fn reports(recording: &Recording) -> Vec<&str> {
    let notes = &recording.lane("monitor").unwrap().notes;
    notes.iter().map(|note| note.text.as_str()).collect()
}

#[test]
fn in_both_stories_the_lag_shows_the_block_the_tasks_the_leak_and_the_waits_the_stall() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert_eq!(
            reports(&recording),
            [
                "lag 0 ms, at worst 0 ms; 7 tasks; served 6",
                "lag 0 ms, at worst 181 ms; 7 tasks; served 6",
                "lag 0 ms, at worst 0 ms; 15 tasks; served 6",
                "lag 0 ms, at worst 0 ms; 15 tasks; served 0",
                "who waits: ann, bob, cleanup, cy",
            ]
        );
    }
}

#[test]
fn in_both_stories_the_slow_poll_names_the_export() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert_eq!(recording.lane("export").unwrap().notes.len(), 1);
        assert!(recording.notes.iter().any(|note| note.text == "slow poll of export: 200 ms"));
    }
}

#[test]
fn in_both_naive_stories_no_report_shows_lag_although_the_export_blocks_for_200_ms() {
    for naive in ["naive", "twin-naive"].map(|name| room().recorded(name)) {
        assert_eq!(naive.longest_poll(), 200_000);
        let lags = reports(&naive).into_iter().filter(|text| text.starts_with("lag"));
        assert_eq!(lags.filter(|text| text.starts_with("lag 0 ms, at worst 0 ms")).count(), 4);
    }
}
