//! What the stories show, read off the recordings.

use crate::story::room;

#[test]
fn in_both_stories_the_report_has_a_line_at_the_instant_of_each_end() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let notes = &recording.lane("report").unwrap().notes;
        for worker in ["backup", "orders", "prices", "mail", "search"] {
            let told = notes.iter().find(|note| note.text.starts_with(worker)).unwrap();
            assert_eq!(Some(told.at), recording.lane(worker).unwrap().closed, "{worker}");
        }
    }
}

#[test]
fn in_the_naive_story_the_report_has_one_line_after_the_end_of_the_backup() {
    let naive = room().recorded("naive");
    let notes = &naive.lane("report").unwrap().notes;
    assert_eq!(notes.len(), 1);
    assert!(notes[0].text.starts_with("an error: "));
    assert_eq!(Some(notes[0].at), naive.lane("backup").unwrap().closed);
}
