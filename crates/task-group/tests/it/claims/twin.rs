//! What the stories show, read off the recordings.

use super::*;
use crate::story::room;

#[test]
fn in_both_stories_a_group_ends_with_the_child_of_its_child() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        let (crawl, index, picture) = (recording.lane("crawl"), recording.lane("index"), recording.lane("picture"));
        assert!(index.unwrap().closed < picture.unwrap().closed);
        assert_eq!(picture.unwrap().closed, crawl.unwrap().closed);
    }
}

#[test]
fn in_both_stories_the_failures_stop_the_body_and_the_build() {
    for recording in ["story", "twin"].map(|name| room().recorded(name)) {
        for lane in ["upload", "mirror", "release"] {
            assert!(recording.ended(Outcome::Failed).contains(&lane), "{lane}");
        }
        for lane in ["build", "announce"] {
            assert!(recording.cancelled().contains(&lane), "{lane}");
            assert!(recording.lane(lane).unwrap().closed_seq <= recording.lane("release").unwrap().closed_seq);
        }
    }
}

#[test]
fn in_the_naive_story_the_picture_and_the_build_outlive_their_groups() {
    let naive = room().recorded("naive");
    for (group, child) in [("crawl", "picture"), ("release", "build")] {
        assert!(naive.lane(group).unwrap().closed < naive.lane(child).unwrap().closed);
        assert!(naive.finish_order().contains(&child));
    }
}
