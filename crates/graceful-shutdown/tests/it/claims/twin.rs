//! What the stories show, read off the recordings.

use timeline::Recording;

use crate::story::room;

/// What a lane said.
fn said(recording: &Recording, lane: &str) -> Vec<String> {
    recording.lane(lane).unwrap().notes.iter().map(|note| note.text.clone()).collect()
}

/// When a lane closed, in microseconds.
fn closed(recording: &Recording, lane: &str) -> u64 {
    recording.lane(lane).unwrap().closed.unwrap()
}

fn both() -> [Recording; 2] {
    ["story", "twin"].map(|name| room().recorded(name))
}

#[test]
fn in_both_stories_dee_comes_after_the_signal_and_is_answered_and_eve_goes_elsewhere() {
    for recording in both() {
        assert!(recording.lane("dee").unwrap().opened > 400_000);
        assert_eq!(said(&recording, "dee"), ["answered"]);
        assert!(recording.lane("eve").is_none());
        assert_eq!(said(&recording, "balancer"), ["the server is not ready", "eve goes to another server"]);
    }
}

#[test]
fn in_both_stories_only_cy_is_aborted_when_the_grace_is_over() {
    for recording in both() {
        assert_eq!(recording.cancelled(), ["cy"]);
        assert_eq!(closed(&recording, "cy"), 1_580_000);
    }
}

#[test]
fn in_both_stories_the_journal_is_written_after_the_mail_and_the_abort() {
    for recording in both() {
        let journal = recording.lane("journal").unwrap();
        assert!(journal.opened >= closed(&recording, "mail") && journal.opened >= closed(&recording, "cy"));
        assert_eq!(said(&recording, "journal"), ["3 lines written"]);
    }
}

#[test]
fn in_the_naive_story_the_journal_is_written_before_the_guests_are_done_and_the_lines_are_lost() {
    let naive = room().recorded("naive");
    assert_eq!(said(&naive, "journal"), ["0 lines written"]);
    assert!(closed(&naive, "journal") < closed(&naive, "ann"));
    assert_eq!(said(&naive, "server"), ["SIGTERM"]);
}

#[test]
fn in_both_naive_stories_the_kill_ends_the_server_and_four_lines_are_lost() {
    for name in ["naive", "twin-naive"] {
        let recording = room().recorded(name);
        assert_eq!(recording.cancelled(), ["server"], "{name}");
        assert_eq!(recording.never_ended(), ["cy"], "{name}");
        let last = recording.notes.last().unwrap();
        assert_eq!((last.at, last.text.as_str()), (2_500_000, "killed, and 4 lines of the journal with it"), "{name}");
    }
}

#[test]
fn in_the_naive_story_eve_comes_in_after_the_signal_and_cy_holds_up_the_server() {
    let naive = room().recorded("naive");
    assert!(naive.lane("eve").unwrap().opened > 400_000);
    assert_eq!(naive.never_ended(), ["cy"]);
}

#[test]
fn in_the_naive_twin_the_second_signal_is_only_logged() {
    let notes: Vec<_> = room().recorded("twin-naive").notes.into_iter().map(|note| (note.at, note.text)).collect();
    assert_eq!(notes[0], (2_300_000, "logged: InvalidStateError('invalid state')".to_owned()));
    assert_eq!(notes[1].0, 2_500_000);
}
