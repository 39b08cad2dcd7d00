//! Which lane held up which, in recordings made by hand.

use recording::{By, Clock, HeldUp, Lane, Outcome, Poll, Recording, Wake};

/// A lane with these polls and wakes, in milliseconds. Each wake comes from code outside, and has its time and the time of the next poll.
fn lane(polls: &[(u64, u64)], wakes: &[(u64, u64)], closed: u64) -> Lane {
    let poll = |&(at, until): &(u64, u64)| {
        let busy = (until - at) * 1_000;
        Poll { at: at * 1_000, until: until * 1_000, longest: busy, busy, seq: at, until_seq: until, ..Poll::default() }
    };
    let wake = |&(at, until): &(u64, u64)| Wake {
        at: at * 1_000,
        seq: at,
        by: By::Outside,
        until: Some(until * 1_000),
        count: 1,
    };
    let (polls, wakes) = (polls.iter().map(poll).collect(), wakes.iter().map(wake).collect());
    let (outcome, closed) = (Some(Outcome::Finished), Some(closed * 1_000));
    Lane { polls, wakes, outcome, closed, closed_seq: Some(1_000_000), ..Lane::default() }
}

/// Which lane was held up by which, from when until when, in milliseconds.
fn held_up(clock: Clock, lanes: Vec<Lane>) -> Vec<(usize, Option<usize>, u64, u64)> {
    let recording = Recording { clock, ended: 1_000_000, lanes, ..Recording::default() };
    let in_ms = |held: HeldUp| (held.lane, held.by, held.from / 1_000, held.until / 1_000);
    recording.held_up().map(in_ms).collect()
}

#[test]
fn a_wait_belongs_in_parts_to_each_lane_that_ran_in_it() {
    let [ada, bob, cyd] = [0, 1, 2].map(|turn| {
        let polls = [0, 1].map(|round| (240 * round + 80 * turn, 240 * round + 80 * turn + 80));
        lane(&polls, &[(80 * turn + 80, 240 + 80 * turn)], 480)
    });
    let tea = lane(&[(480, 481)], &[], 481);
    let expected = [
        (0, Some(1), 80, 160),
        (0, Some(2), 160, 240),
        (1, Some(0), 0, 80),
        (1, Some(2), 160, 240),
        (1, Some(0), 240, 320),
        (2, Some(0), 0, 80),
        (2, Some(1), 80, 160),
        (2, Some(0), 240, 320),
        (2, Some(1), 320, 400),
        (3, Some(0), 0, 80),
        (3, Some(1), 80, 160),
        (3, Some(2), 160, 240),
        (3, Some(0), 240, 320),
        (3, Some(1), 320, 400),
        (3, Some(2), 400, 480),
    ];
    assert_eq!(held_up(Clock::Real, vec![ada, bob, cyd, tea]), expected);
}

#[test]
fn a_short_gap_belongs_to_a_neighbour_and_a_long_one_to_no_lane() {
    let hog = lane(&[(0, 1), (105, 150), (155, 180)], &[], 180);
    let starved = lane(&[(0, 0), (300, 300)], &[(100, 300)], 300);
    let expected = [(1, Some(0), 100, 180), (1, None, 180, 300)];
    assert_eq!(held_up(Clock::Real, vec![hog, starved]), expected);
}

#[test]
fn a_lane_whose_timer_a_long_poll_delays_is_also_held_up_on_the_virtual_clock() {
    // On that clock a poll takes no time, unless it moves the clock.
    let export = lane(&[(0, 0), (701, 901)], &[], 1_000);
    let mut client = lane(&[(0, 0), (901, 901)], &[(901, 901)], 901);
    client.wakes[0] = Wake { by: By::Runtime, seq: 902, ..client.wakes[0].clone() };
    client.polls[1] = Poll { seq: 903, until_seq: 904, ..client.polls[1].clone() };
    assert_eq!(held_up(Clock::Virtual, vec![export, client]), [(1, Some(0), 701, 901)]);
}
