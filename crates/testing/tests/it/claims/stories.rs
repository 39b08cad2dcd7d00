//! What the stories show, read off the recordings.

use timeline::Outcome;

use crate::story::room;

#[test]
fn in_both_stories_only_the_right_version_passes() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        assert_eq!(recording.ended(Outcome::Finished), ["right"]);
        assert_eq!(recording.ended(Outcome::Failed), ["one by one", "leaves calls", "takes errors", "no limit"]);
    }
}

#[test]
fn in_the_naive_story_all_five_pass() {
    let naive = room().recorded("naive");
    assert_eq!(naive.ended(Outcome::Finished).len(), 5);
    assert_eq!(naive.ended(Outcome::Failed).len(), 0);
}
