//! A part of a recording.

use recording::{By, Lane, Outcome, Recording, Wake};

fn lane(name: &str, parent: Option<usize>, by: Option<usize>) -> Lane {
    let wake = |by| Wake { at: 1, seq: 1, by: By::Lane(by), until: Some(1), count: 1 };
    let (outcome, closed) = (Some(Outcome::Finished), Some(2));
    let name = name.to_owned();
    Lane {
        name,
        parent,
        wakes: by.map(wake).into_iter().collect(),
        outcome,
        closed,
        closed_seq: closed,
        ..Lane::default()
    }
}

#[test]
fn only_keeps_the_wanted_lanes_and_their_parents_under_new_numbers() {
    let lanes = vec![
        lane("noise", None, None),
        lane("server", None, Some(0)),
        lane("noise", Some(1), None),
        lane("request", Some(1), Some(1)),
        lane("query", Some(3), Some(2)),
        lane("noise", Some(4), None),
    ];
    let whole = Recording { lanes, ended: 2, ..Recording::default() };
    let part = whole.only(|lane| lane.name == "query");

    let seen: Vec<_> = part
        .lanes
        .iter()
        .map(|lane| (lane.name.as_str(), lane.parent, lane.wakes.first().map(|wake| wake.by)))
        .collect();
    let expected = [
        ("server", None, Some(By::Outside)),
        ("request", Some(0), Some(By::Lane(0))),
        ("query", Some(1), Some(By::Outside)),
    ];
    assert_eq!(seen, expected);
    assert_eq!(Recording::from_json(&part.to_json()), Ok(part), "it is a recording like any other");
    assert_eq!(whole.only(|_| true), whole);
    assert!(whole.only(|_| false).lanes.is_empty());
}
