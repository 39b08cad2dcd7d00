//! The drawings: charts as a terminal shows them, the SVG, the words.

use drawing::palette::{self, Hue, LANES};
use drawing::{Look, chart, svg, words};
use proptest::prelude::*;
use timeline::{By, Clock, Kind, Lane, Level, Note, Outcome, Poll, Recording, Value, Wake};
use unicode_width::UnicodeWidthStr;

const MS: u64 = 1_000;

/// A lane that is opened at 0, with polls that take no time, as on the virtual clock. Times are in milliseconds.
fn lane(name: &str, parent: Option<usize>, polls: &[u64], end: Option<(Outcome, u64)>) -> Lane {
    let poll = |at: &u64| Poll { at: at * MS, until: at * MS, ..Poll::default() };
    Lane {
        name: name.to_owned(),
        kind: Kind::Future,
        parent,
        polls: polls.iter().map(poll).collect(),
        outcome: end.map(|(outcome, _)| outcome),
        closed: end.map(|(_, at)| at * MS),
        closed_seq: end.map(|_| 1_000),
        ..Lane::default()
    }
}

/// A lane whose polls take time: each has a beginning and an end, in milliseconds.
fn busy(name: &str, polls: &[(u64, u64)], end: (Outcome, u64)) -> Lane {
    let poll = |&(at, until): &(u64, u64)| {
        let longest = (until - at) * MS;
        Poll { at: at * MS, until: until * MS, longest, busy: longest, ..Poll::default() }
    };
    Lane { polls: polls.iter().map(poll).collect(), ..lane(name, None, &[], Some(end)) }
}

/// The lane with these wakes. Each has its time and the time of the next poll, in milliseconds.
fn woken(lane: Lane, wakes: &[(u64, u64)]) -> Lane {
    let wake =
        |&(at, until): &(u64, u64)| Wake { at: at * MS, seq: 1, by: By::Outside, until: Some(until * MS), count: 1 };
    Lane { wakes: wakes.iter().map(wake).collect(), ..lane }
}

fn recording(title: &str, clock: Clock, ended: u64, lanes: Vec<Lane>) -> Recording {
    Recording { title: title.to_owned(), clock, ended: ended * MS, lanes, ..Recording::default() }
}

/// One of everything that can happen on the virtual clock.
fn gather() -> Recording {
    let mut recording = recording(
        "gather",
        Clock::Virtual,
        2_000,
        vec![
            lane("gather", None, &[0, 300, 500, 1_200, 2_000], Some((Outcome::Finished, 2_000))),
            lane("users", Some(0), &[0, 500], Some((Outcome::Finished, 500))),
            lane("log", None, &[0, 1_000], None),
            lane("stock", Some(0), &[0, 300], Some((Outcome::Failed, 300))),
            lane("prices", Some(0), &[0], Some((Outcome::Cancelled, 1_200))),
            lane("news", Some(0), &[], Some((Outcome::NeverStarted, 1_200))),
            lane("reviews", Some(0), &[0, 2_000], Some((Outcome::Finished, 2_000))),
            lane("retry", Some(1), &[400, 500], Some((Outcome::Panicked, 500))),
        ],
    );
    recording.lanes[7].opened = 300 * MS;
    recording.lanes[3].notes = vec![Note { at: 300 * MS, text: "503 <try later>".to_owned(), place: None, seq: 0 }];
    recording
}

/// One poll that keeps all other lanes from running.
fn blocking() -> Recording {
    recording(
        "naive",
        Clock::Real,
        1_000,
        vec![
            woken(
                busy("heartbeat", &[(0, 0), (200, 200), (700, 700), (900, 900)], (Outcome::Cancelled, 1_000)),
                &[(300, 700), (980, 1_000)],
            ),
            busy("blocker", &[(0, 0), (250, 700)], (Outcome::Finished, 700)),
            Lane { kind: Kind::Blocking, ..busy("hash", &[(50, 450)], (Outcome::Finished, 450)) },
            busy("late", &[(700, 700), (980, 1_000)], (Outcome::Finished, 1_000)),
        ],
    )
}

#[test]
fn the_chart_distinguishes_every_end_without_colour() {
    let expected = "\
gather (virtual clock)
          0 s      0.5 s        1 s       1.5 s       2 s
gather    ├──────┼───┼───────────────┼─────────────────✓  ✓ finished      2.00 s
  users   ├──────────✓           ┊          ┊          ┊  ✓ finished      500 ms
    retry ┊      ··├─!           ┊          ┊          ┊  ! panicked      100 ms
  stock   ├──────✗   ┊           ┊          ┊          ┊  ✗ failed        300 ms
  prices  ├──────────────────────────╢      ┊          ┊  ╢ cancelled     1.20 s
  news    ···························○      ┊          ┊  ○ never started
  reviews ├────────────────────────────────────────────✓  ✓ finished      2.00 s
log       ├──────────────────────┼─────────────────────►  ► still open    2.00 s
2.00 s in total; 8 lanes, at most 6 at once; 3 finished, 1 failed, 1 panicked,
1 cancelled, 1 never started, 1 still open.

· not started yet   ─ waiting   ├ ┼ polled   ✓ finished   ✗ failed   ! panicked
╢ cancelled   ○ never started   ► still open
time: from first poll to end
";
    assert_eq!(chart(&[&gather()], &Look::default()), expected);
}

#[test]
fn the_chart_shows_which_lane_held_up_which() {
    let expected = "\
naive (real time)
          0 s          0.5 s          1 s
heartbeat ├─────┼──░░░░░░░░░░░░─────┼─░╢  ╢ cancelled 1.00 s
blocker   ├───────████████████✓        ┊  ✓ finished  700 ms
hash      ··███████████✓ ┊             ┊  ✓ finished  400 ms
late      ········░░░░░░░░░░░░├───────█✓  ✓ finished  300 ms
1.00 s in total; 4 lanes, at most 3 at once; 3 finished,
1 cancelled.
blocker held up 2 lanes for up to 450 ms.
late held up 1 lane for 20 ms.

· not started yet   ─ waiting   ├ ┼ polled   █ running
░ held up   ✓ finished   ╢ cancelled
time: from first poll to end
";
    assert_eq!(chart(&[&blocking()], &Look { width: 60, ..Look::default() }), expected);
}

#[test]
fn the_legend_explains_only_what_can_be_seen() {
    let mut soon = lane("soon", None, &[0], Some((Outcome::Finished, 1_000)));
    (soon.opened, soon.polls[0].at, soon.polls[0].until) = (3, 40, 40);
    let drawn = recording("soon", Clock::Real, 1_000, vec![soon]);
    assert!(
        chart(&[&drawn], &Look::default())
            .ends_with("\n─ waiting   ├ ┼ polled   ✓ finished\ntime: from first poll to end\n")
    );
    assert!(!svg(&[&drawn]).contains("not started yet"));
    assert!(svg(&[&gather()]).contains("not started yet"));
}

#[test]
fn a_narrow_chart_keeps_the_marks_and_drops_the_words() {
    let expected = "\
gather (virtual clock)
          0 s      1 s      2 s
gather    ├──┼─┼─────┼───────✓  ✓ 2.00 s
  users   ├────✓    ┊        ┊  ✓ 500 ms
    retry ┊  ·├!    ┊        ┊  ! 100 ms
  stock   ├──✗      ┊        ┊  ✗ 300 ms
             300 ms 503 <try later>
  prices  ├──────────╢       ┊  ╢ 1.20 s
  news    ···········○       ┊  ○
  reviews ├──────────────────✓  ✓ 2.00 s
log       ├─────────┼────────►  ► 2.00 s
2.00 s in total; 8 lanes, at most 6 at
once; 3 finished, 1 failed, 1 panicked,
1 cancelled, 1 never started,
1 still open.

· not started yet   ─ waiting
├ ┼ polled   ✓ finished   ✗ failed
! panicked   ╢ cancelled
○ never started   ► still open
time: from first poll to end
";
    assert_eq!(chart(&[&gather()], &Look { width: 40, notes: true, ..Look::default() }), expected);
}

#[test]
fn two_recordings_share_one_axis_and_one_legend() {
    let ours = recording(
        "Tokio",
        Clock::Virtual,
        500,
        vec![
            lane("users", None, &[0], Some((Outcome::Cancelled, 500))),
            lane("stock", None, &[0, 500], Some((Outcome::Failed, 500))),
        ],
    );
    let theirs = recording(
        "asyncio",
        Clock::Virtual,
        2_000,
        vec![
            lane("users", None, &[0, 2_000], Some((Outcome::Finished, 2_000))),
            lane("stock", None, &[0, 500], Some((Outcome::Failed, 500))),
        ],
    );
    let expected = "\
Tokio (virtual clock)
      0 s   0.5 s     1 s    1.5 s    2 s
users ├───────╢        ┊       ┊       ┊  ╢ cancelled 500 ms
stock ├───────✗        ┊       ┊       ┊  ✗ failed    500 ms
500 ms in total; 2 lanes, at most 2 at once; 1 failed,
1 cancelled.

asyncio (virtual clock)
      0 s   0.5 s     1 s    1.5 s    2 s
users ├────────────────────────────────✓  ✓ finished  2.00 s
stock ├───────✗        ┊       ┊       ┊  ✗ failed    500 ms
2.00 s in total; 2 lanes, at most 2 at once; 1 finished,
1 failed.

─ waiting   ├ ┼ polled   ✓ finished   ✗ failed   ╢ cancelled
time: from first poll to end
";
    assert_eq!(chart(&[&ours, &theirs], &Look { width: 60, ..Look::default() }), expected);
    assert_eq!(svg(&[&ours, &theirs]).matches("<svg").count(), 1);
}

/// Each change at a moment in milliseconds, to a number.
fn level(name: &str, limit: Option<u64>, changes: &[(u64, u64)]) -> Level {
    let value = |&(at, value): &(u64, u64)| Value { at: at * MS, seq: at, value, limit };
    Level { name: name.to_owned(), place: None, values: changes.iter().map(value).collect() }
}

#[test]
fn a_level_is_drawn_as_steps_below_the_lanes() {
    let work = lane("work", None, &[0, 1_000], Some((Outcome::Finished, 1_000)));
    let levels = vec![
        level("permits", Some(4), &[(0, 4), (250, 2), (500, 0), (750, 1)]),
        level("backlog", None, &[(100, 1), (600, 8)]),
    ];
    let recording = Recording { levels, ..recording("levels", Clock::Virtual, 1_000, vec![work]) };
    let expected = "\
levels (virtual clock)
        0 s   0.2 s    0.4 s   0.6 s    0.8 s    1 s
work    ├─────────────────────────────────────────✓  ✓ finished 1.00 s
permits ████████████▄▄▄▄▄▄▄▄▄▄   ┊      ▂▂▂▂▂▂▂▂▂▂▂  peak 4 of 4
backlog ┊   ▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁▁██████████████████  peak 8
1.00 s in total; 1 lane, at most 1 at once; 1 finished.

─ waiting   ├ ┼ polled   ✓ finished
▁▂▃▄▅▆▇█ a number, up to its limit or peak
time: from first poll to end
";
    let drawn = chart(&[&recording], &Look { width: 70, ..Look::default() });
    assert_eq!(drawn, expected, "\n{drawn}");
    assert!(!chart(&[&recording], &Look { dense: true, ..Look::default() }).contains("permits"), "a dense chart");
    let svg = svg(&[&recording]);
    assert_eq!(svg.matches(r#"class="level""#).count(), 3, "two levels and the legend");
    assert_eq!(svg.matches(r#"class="grid limit""#).count(), 2, "one limit and the legend");
    assert!(words(&recording).contains("permits: peak 4 of 4. backlog: peak 8."), "{}", words(&recording));
}

#[test]
fn a_level_that_is_on_or_off_says_for_how_long_and_has_no_peak() {
    let work = lane("work", None, &[0, 1_000], Some((Outcome::Finished, 1_000)));
    let levels = vec![
        level("open", Some(1), &[(0, 0), (250, 1), (500, 0), (900, 1)]),
        level("never", Some(1), &[(0, 0)]),
        level("over", Some(1), &[(0, 2)]),
    ];
    let recording = Recording { levels, ..recording("states", Clock::Virtual, 1_000, vec![work]) };
    let words = words(&recording);
    assert!(words.ends_with("open: for 350 ms. never: for 0 s. over: peak 2 of 1."), "{words}");
}

/// The texts that are drawn at the dots of a picture's lanes, each with its anchor and its place.
fn labels(recording: &Recording) -> Vec<(String, f64, String)> {
    let svg = svg(&[recording]);
    let texts = svg.lines().filter_map(|line| line.strip_prefix(r#"<text class="note" x=""#));
    let label = |text: &str| {
        let (x, rest) = text.split_once('"').unwrap();
        let (anchor, rest) = rest.split_once(r#"text-anchor=""#).unwrap().1.split_once("\">").unwrap();
        (anchor.to_owned(), x.parse().unwrap(), rest.strip_suffix("</text>").unwrap().to_owned())
    };
    texts.map(label).collect()
}

fn said(lane: Lane, notes: &[(u64, &str)]) -> Lane {
    let note = |(at, text): &(u64, &str)| Note { at: at * MS, seq: *at, text: (*text).to_owned(), place: None };
    Lane { notes: notes.iter().map(note).collect(), ..lane }
}

#[test]
fn if_not_all_texts_fit_the_last_one_and_the_rare_ones_are_drawn() {
    let end = Some((Outcome::Finished, 1_000));
    let notes = [100, 340, 345, 350, 360].map(|at| (at, if at == 340 { "refused" } else { "it answered" }));
    let long = "said only once, and so long that nothing else has room beside it";
    let lanes = [
        said(lane("a", None, &[0], end), &notes),
        said(lane("b", None, &[0], end), &[(960, "it answered"), (970, "it answered"), (980, "5 of 17 are closed")]),
        said(lane("c", None, &[0], end), &[(500, long), (520, "it answered")]),
    ];
    let drawn = labels(&recording("news", Clock::Virtual, 1_000, lanes.into()));
    let texts: Vec<_> = drawn.iter().map(|(_, _, text)| text.as_str()).collect();
    // The last text of a lane is drawn, although it is a repeat.
    let expected =
        [&["it answered", "refused", "it answered"][..], &["it answered", "5 of 17 are closed"], &["it answered"]];
    assert_eq!(texts, expected.concat());
}

#[test]
fn two_texts_of_one_moment_stand_on_both_sides_of_their_dot() {
    let notes = [(500, "connection closed"), (500, "found")];
    let both = said(lane("search", None, &[0], Some((Outcome::Finished, 1_000))), &notes);
    let drawn = labels(&recording("both", Clock::Virtual, 1_000, vec![both]));
    let sides: Vec<_> = drawn.iter().map(|(anchor, _, text)| (anchor.as_str(), text.as_str())).collect();
    assert_eq!(sides, [("end", "connection closed"), ("start", "found")]);
    // The gap between them is wider than that between two words.
    let (left, right) = (drawn[0].1, drawn[1].1);
    assert!((7.0..8.0).contains(&(right - left)), "{left} to {right}");
}

#[test]
fn labels_of_the_axis_that_would_touch_on_a_narrow_screen_are_left_out_there() {
    let only_wide = |name| {
        let lanes = vec![lane(name, None, &[0], Some((Outcome::Finished, 935)))];
        let svg = svg(&[&recording("axis", Clock::Virtual, 935, lanes)]);
        let labels = ["0 ms", "200 ms", "400 ms", "600 ms", "800 ms"];
        let is_wide = |label: &&str| {
            let text = svg.split("<text ").find(|text| text.contains(&format!(">{label}</text>"))).unwrap();
            text.starts_with(r#"class="grey wide""#)
        };
        labels.into_iter().filter(is_wide).collect::<Vec<_>>()
    };
    assert_eq!(only_wide("a"), [""; 0]);
    assert_eq!(only_wide("nine_long"), ["200 ms", "600 ms"]);
}

#[test]
fn no_text_ends_at_a_dot_where_its_lane_begins() {
    let late = Lane { opened: 900 * MS, ..lane("late", None, &[900], Some((Outcome::Finished, 1_000))) };
    let notes = [(900, "asks the archive"), (1_000, "answered")];
    let drawn = labels(&recording("late", Clock::Virtual, 1_000, vec![said(late, &notes)]));
    assert!(drawn.iter().all(|(anchor, ..)| anchor != "end"), "{drawn:?}");
    assert!(drawn.iter().any(|(_, _, text)| text == "answered"), "{drawn:?}");
}

/// Only an edited file has such numbers. They are drawn as far as they make sense.
#[test]
fn a_level_that_changes_after_the_end_or_back_in_time_is_drawn() {
    let work = lane("work", None, &[0, 500], Some((Outcome::Finished, 500)));
    let levels = vec![level("late", None, &[(0, 1), (500, 2)]), level("back", Some(4), &[(400, 4), (100, 2)])];
    let recording = Recording { levels, ..recording("edited", Clock::Virtual, 300, vec![work]) };
    let drawn = chart(&[&recording], &Look { width: 70, ..Look::default() });
    for row in ["late", "back"] {
        assert!(drawn.lines().any(|line| line.starts_with(row)), "\n{drawn}");
    }
    assert_eq!(svg(&[&recording]).matches(r#"class="level""#).count(), 3, "two levels and the legend");
}

#[test]
fn a_dense_chart_has_whole_titles_and_one_whole_axis() {
    let work = |end| vec![lane("work", None, &[0, end], Some((Outcome::Finished, end)))];
    let mine = recording("your timeline, its first 1.00 s, 1 of 9 lanes", Clock::Virtual, 1_000, work(1_000));
    let theirs = recording("the reference solution's", Clock::Virtual, 500, work(500));
    let expected = "\
your timeline, its first 1.00 s, 1 of 9 lanes
     0 s      0.2 s      0.4 s      0.6 s      0.8 s       1 s
work ├──────────────────────────────────────────────────────✓  ✓ finished 1.00 s
the reference solution's
";
    let drawn = chart(&[&mine, &theirs], &Look { dense: true, ..Look::default() });
    assert!(drawn.starts_with(expected), "\n{drawn}");
    let long = "the reference solution's, over at 2180.32 s, its first 540.12 s, 6 of 100 lanes";
    let drawn = chart(&[&Recording { title: long.to_owned(), ..mine }], &Look { dense: true, ..Look::default() });
    assert!(drawn.starts_with(&format!("{long}\n")), "\n{drawn}");
}

#[test]
fn a_number_far_above_its_limit_shows_both() {
    let work = lane("work", None, &[0, 1_000], Some((Outcome::Finished, 1_000)));
    let changes = [(0, 1_000), (250, 200), (500, 40), (750, 10)];
    let levels = vec![level("load", Some(40), &changes), level("queue", Some(4), &[(0, 2), (500, 4)])];
    let recording = Recording { levels, ..recording("load", Clock::Virtual, 1_000, vec![work]) };
    let expected = "\
load (virtual clock)
      0 s      0.2 s      0.4 s     0.6 s      0.8 s       1 s
work  ├─────────────────────────────────────────────────────✓  ✓ finished 1.00 s
load  ▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲▲██████████████▂▂▂▂▂▂▂▂▂▂▂▂▂  peak 1000 of 40
queue ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄████████████████████████████  peak 4 of 4
1.00 s in total; 1 lane, at most 1 at once; 1 finished.

─ waiting   ├ ┼ polled   ✓ finished   ▁▂▃▄▅▆▇█ a number, up to its limit or peak
▲ above its limit
time: from first poll to end
";
    let drawn = chart(&[&recording], &Look::default());
    assert_eq!(drawn, expected, "\n{drawn}");
    // The line of the limit is at two thirds of the row's height, which is 18.
    let svg = svg(&[&recording]);
    let heights = |row: &str| -> Vec<usize> {
        let row = svg.split(&format!("<title>{row}:")).nth(1).unwrap().split("</g>").next().unwrap();
        let (zero, steps) = row.split_once(r#"class="level" d="M"#).unwrap().1.split_once('V').unwrap();
        let zero: usize = zero.split(' ').nth(1).unwrap().parse().unwrap();
        let limit = row.split(r#"limit" d="M"#).nth(1).unwrap().split(['H', ' ']).nth(1).unwrap();
        let values = steps.split('V').map(|step| step.split(['H', 'Z']).next().unwrap());
        values.chain([limit]).map(|y| zero - y.parse::<usize>().unwrap()).collect()
    };
    assert_eq!(heights("load"), [18, 13, 12, 3, 0, 12]);
    assert_eq!(heights("queue"), [9, 18, 0, 18]);
}

#[test]
fn the_total_reaches_to_the_last_number() {
    let work = || lane("work", None, &[0, 500], Some((Outcome::Finished, 500)));
    let total = |at: u64| {
        let levels = vec![level("backlog", None, &[(100, 1), (at, 8)])];
        words(&Recording { levels, ..recording("levels", Clock::Virtual, 1_000, vec![work()]) })
    };
    assert!(total(500).contains("500 ms in total"), "{}", total(500));
    assert!(total(900).contains("1.00 s in total"), "{}", total(900));
}

#[test]
fn worker_threads_have_their_own_tracks() {
    let mut recording = recording(
        "threads",
        Clock::Real,
        600,
        vec![
            busy("job 0", &[(0, 0), (100, 300)], (Outcome::Finished, 300)),
            busy("job 1", &[(0, 0), (200, 600)], (Outcome::Finished, 600)),
        ],
    );
    recording.multi_thread = true;
    recording.threads = vec!["main".to_owned(), "worker".to_owned(), "worker".to_owned()];
    recording.lanes[0].polls.iter_mut().for_each(|poll| poll.thread = Some(1));
    recording.lanes[1].polls.iter_mut().for_each(|poll| poll.thread = Some(2));
    let expected = "\
threads (real time)
         0 ms   200 ms     400 ms    600 ms
job 0    ├────███████████✓    ┊         ┊  ✓ finished 300 ms
job 1    ├──────────████████████████████✓  ✓ finished 600 ms
on the worker threads:
worker 1 ┼    ███████████     ┊         ┊  1 long poll
worker 2 ┼         ┊████████████████████┊  1 long poll
600 ms in total; 2 lanes, at most 2 at once; 2 finished.

─ waiting   ├ ┼ polled   █ running   ✓ finished
time: from first poll to end
";
    assert_eq!(chart(&[&recording], &Look { width: 60, ..Look::default() }), expected);
    assert!(words(&recording).ends_with("worker 2: 1 long poll."), "{}", words(&recording));
}

#[test]
fn colour_changes_no_glyph() {
    let colored = chart(&[&gather()], &Look { color: true, ..Look::default() });
    let mut plain = String::new();
    let mut rest = colored.as_str();
    while let Some((before, after)) = rest.split_once("\x1b[") {
        plain += before;
        rest = after.split_once('m').expect("an escape ends in m").1;
    }
    plain += rest;
    let plain: String = plain.lines().map(|line| line.trim_end().to_owned() + "\n").collect();
    assert_eq!(plain, chart(&[&gather()], &Look::default()));
}

#[test]
fn a_recording_without_lanes_says_so() {
    let empty = Recording::default();
    assert_eq!(chart(&[&empty], &Look::default()), "recording (real time)\nNo lanes were recorded.\n");
    assert_eq!(words(&empty), "recording (real time). No lanes were recorded.");
    assert!(svg(&[&empty]).contains("No lanes were recorded."));
}

#[test]
fn a_chart_of_many_lanes_draws_the_first_and_the_last_and_counts_the_rest() {
    let outcome = |number| if number == 50_000 { Outcome::Failed } else { Outcome::Finished };
    let lanes = (0..100_000).map(|number| lane(&format!("task {number}"), None, &[0, 7], Some((outcome(number), 7))));
    let many = recording("many", Clock::Virtual, 7, lanes.collect());
    let chart = chart(&[&many], &Look::default());
    // The failed lane is not left out.
    assert!(chart.contains("… 49,978 lanes between: 49,978 finished\ntask 50000 "), "{chart}");
    assert!(chart.contains("… 49,987 lanes between: 49,987 finished\n"), "{chart}");
    assert!(chart.contains("100,000 lanes, at most 100,000 at once"), "{chart}");
    assert!(
        chart.contains("\ntask 21 ") && !chart.contains("\ntask 22 ") && chart.contains("\ntask 99999 "),
        "{chart}"
    );
    assert!(svg(&[&many]).len() < 50_000);
    assert!(words(&many).len() < 1_000);
}

#[test]
fn a_time_axis_that_would_leave_the_screen_also_stands_below_the_lanes() {
    let drawn = |count, height| {
        let lane =
            |number: u64| lane(&format!("lane {number}"), None, &[0], Some((Outcome::Finished, 500 + 10 * number)));
        let lanes = (0..count).map(lane);
        let recording = recording("lanes", Clock::Virtual, 650, lanes.collect());
        let look = Look { height, ..Look::default() };
        let drawn = chart(&[&recording], &look);
        let axes = (0..).zip(drawn.lines()).filter(|(_, line)| line.starts_with(' ') && line.ends_with("600 ms"));
        axes.map(|(line, _)| line).collect::<Vec<_>>()
    };
    assert_eq!(drawn(14, 24), [1]);
    assert_eq!(drawn(15, 24), [1, 17]);
    assert_eq!(drawn(15, usize::MAX), [1]);
}

#[test]
fn many_similar_lanes_share_a_row() {
    let mut lanes = vec![lane("server", None, &[0, 900], None)];
    let frame = |number: u64| lane("read frame", Some(0), &[number, number + 5], Some((Outcome::Finished, number + 5)));
    lanes.extend((0..100).map(frame));
    lanes.push(lane("read frame", Some(0), &[0, 300], Some((Outcome::Finished, 300))));
    lanes.push(lane("read frame", Some(0), &[0], Some((Outcome::Failed, 450))));
    lanes.extend(
        ["a request with a long name, number 1234567", "a request with a long name, number 7654321"]
            .map(|name| lane(name, Some(0), &[0, 900], Some((Outcome::Finished, 900)))),
    );
    let drawn = chart(&[&recording("many", Clock::Virtual, 900, lanes)], &Look::default());
    let names: Vec<_> = drawn.lines().skip(2).take(5).map(|line| line.chars().take(24).collect::<String>()).collect();
    let expected = [
        "server                  ",
        "  read frame ×101       ",
        "  read frame            ",
        "  a request with …234567",
        "  a request with …654321",
    ];
    assert_eq!(names, expected, "{drawn}");
    assert!(drawn.contains("105 lanes, at most"), "{drawn}");
    // The row shows the lives of all of them: the last of the short ones ends at 104, the long one at 300.
    let row = drawn.lines().find(|line| line.contains("×101")).unwrap_or_default();
    assert!(row.matches(['├', '┼']).count() > 3 && row.matches('✓').count() == 2, "{drawn}");
    let few = (0..9).map(|_| lane("read frame", None, &[0, 5], Some((Outcome::Finished, 5)))).collect();
    let drawn = chart(&[&recording("few", Clock::Virtual, 5, few)], &Look::default());
    assert_eq!(drawn.matches("\nread frame ").count(), 9, "{drawn}");
}

#[test]
fn a_drawing_has_the_same_number_of_rows_however_many_lanes_fail() {
    let rows = |failed: u64| {
        let outcome = |number: u64| if number % 7 < failed { Outcome::Failed } else { Outcome::Finished };
        let lanes = (0..1_000).map(|number| lane(&format!("task {number}"), None, &[0, 7], Some((outcome(number), 7))));
        let drawn = chart(&[&recording("many", Clock::Virtual, 7, lanes.collect())], &Look::default());
        drawn.lines().filter(|line| line.starts_with("task ") || line.starts_with('…')).count()
    };
    assert_eq!([0, 1, 3, 7].map(rows), [37; 4]);
}

#[test]
fn rows_that_are_left_out_are_counted_with_all_their_lanes() {
    let twice =
        |number: u64| (0..4).map(move |_| lane(&format!("task {number}"), None, &[0, 7], Some((Outcome::Finished, 7))));
    let many = recording("many", Clock::Virtual, 7, (0..100).flat_map(twice).collect());
    let drawn = chart(&[&many], &Look::default());
    // Of a hundred rows of four lanes each, 24 and 12 are drawn.
    assert!(drawn.contains("… 64 rows between: 256 finished\n"), "{drawn}");
}

#[test]
fn hundreds_of_long_polls_over_many_lanes_are_drawn_in_seconds() {
    let long: Vec<_> = (0..60).map(|number| (number * 100, number * 100 + 50)).collect();
    let mut lanes = vec![busy("hog", &long, (Outcome::Finished, 30_000))];
    for start in [6_000, 12_000, 18_000, 24_000] {
        let polls: Vec<_> = long.iter().map(|(at, until)| (at + start, until + start)).collect();
        lanes.push(busy("another", &polls, (Outcome::Finished, 30_000)));
    }
    let waits = || woken(lane("waits", None, &[0, 29_960], Some((Outcome::Finished, 30_000))), &[(0, 29_960)]);
    lanes.extend((0..100_000).map(|_| waits()));
    let started = std::time::Instant::now();
    let chart = chart(&[&recording("held up", Clock::Real, 30_000, lanes)], &Look::default());
    assert!(chart.contains("hog held up 100,004 lanes for up to 5.95 s."), "{chart}");
    assert!(started.elapsed().as_secs() < 30, "{:?}", started.elapsed());
}

#[test]
fn the_largest_times_do_not_overflow() {
    let mut last = lane("last", None, &[0], Some((Outcome::Finished, 0)));
    (last.polls[0].at, last.polls[0].until, last.opened) = (u64::MAX, u64::MAX, u64::MAX);
    let backwards = recording("backwards", Clock::Real, 0, vec![last]);
    assert_eq!((backwards.total(), backwards.peak("other")), (0, 0));
    assert!(backwards.peak("last") <= 1);
    assert!(chart(&[&backwards], &Look::default()).contains("last"));
}

#[test]
fn lanes_may_be_nested_very_deep() {
    let parent = |number: usize| number.checked_sub(1);
    let lanes = (0..100_000).map(|number| lane("nested", parent(number), &[0], Some((Outcome::Finished, 7))));
    let chart = chart(&[&recording("deep", Clock::Virtual, 7, lanes.collect())], &Look::default());
    assert!(chart.lines().all(|line| line.chars().count() <= 80), "{chart}");
}

#[test]
fn wide_letters_take_two_columns() {
    let end = Some((Outcome::Finished, 1_000));
    let lanes = ["日本語の名前がここに", "users", "❤\u{fe0f}"].map(|name| lane(name, None, &[0, 1_000], end));
    let expected = "\
日本 (virtual clock)
                     0 s         0.5 s          1 s
日本語の名前がここに ├───────────────────────────✓  ✓ 1.00 s
users                ├───────────────────────────✓  ✓ 1.00 s
❤\u{fe0f}                   ├───────────────────────────✓  ✓ 1.00 s
1.00 s in total; 3 lanes, at most 3 at once; 3 finished.
";
    let drawn =
        chart(&[&recording("日本", Clock::Virtual, 1_000, lanes.into())], &Look { width: 60, ..Look::default() });
    assert!(drawn.starts_with(expected), "{drawn}");
}

#[test]
fn with_room_for_few_lanes_the_first_and_the_last_are_drawn() {
    let lanes = ["a", "b", "c", "d"].map(|name| lane(name, None, &[0], Some((Outcome::Finished, 7))));
    let few = recording("few", Clock::Virtual, 7, lanes.into());
    for (lanes, expected) in [(0, ""), (1, "a"), (2, "ad"), (3, "abd"), (4, "abcd")] {
        let drawn = chart(&[&few], &Look { lanes, ..Look::default() });
        let names: String =
            drawn.lines().filter(|line| line.contains('├')).filter_map(|line| line.chars().next()).collect();
        assert_eq!(names.trim_end_matches('─'), expected, "{drawn}");
    }
}

#[test]
fn an_end_in_two_words_stays_on_one_line() {
    for width in 40..120 {
        let chart = chart(&[&gather()], &Look { width, ..Look::default() });
        assert!(chart.contains("1 never started, ") || chart.contains("1 never started,\n"), "{chart}");
        assert!(chart.contains("1 still open.\n"), "{chart}");
    }
}

#[test]
fn names_do_not_control_the_terminal_or_break_the_markup() {
    let invisible = ['\x1b', '\u{202e}', '\u{2066}', '\u{200b}', '\u{2028}', '\u{2060}', '\u{feff}', '\u{61c}'];
    let name = &("\x1b[2J<b>&\"\n".to_owned() + &String::from_iter(invisible));
    let hostile = recording(name, Clock::Virtual, 7, vec![lane(name, None, &[0], Some((Outcome::Finished, 7)))]);
    let drawn = chart(&[&hostile], &Look::default());
    assert!(!drawn.contains(invisible), "{drawn:?}");
    let svg = svg(&[&hostile]);
    assert!(!svg.contains(invisible) && !svg.contains("<b>") && svg.contains("&lt;b&gt;&amp;&quot;"), "{svg}");
}

#[test]
fn the_words_tell_the_story() {
    assert_eq!(
        words(&gather()),
        "gather (virtual clock). 2.00 s in total; 8 lanes, at most 6 at once; 3 finished, 1 failed, 1 panicked, 1 cancelled, 1 never started, 1 still open. Finished: users at 500 ms, gather at 2.00 s, reviews at 2.00 s. Failed: stock at 300 ms. Panicked: retry at 500 ms. Cancelled: prices at 1.20 s. Never started: news. Still open: log."
    );
    assert_eq!(
        words(&blocking()),
        "naive (real time). 1.00 s in total; 4 lanes, at most 3 at once; 3 finished, 1 cancelled. Finished: hash at 450 ms, blocker at 700 ms, late at 1.00 s. Cancelled: heartbeat at 1.00 s. blocker held up 2 lanes for up to 450 ms. late held up 1 lane for 20 ms."
    );
}

#[test]
fn the_svg_is_self_contained_and_has_words_for_screen_readers() {
    let svg = svg(&[&gather()]);
    assert_eq!(svg, drawing::svg(&[&gather()]));
    assert!(svg.contains(r#"role="img" aria-labelledby="gather-title gather-story""#));
    assert!(svg.contains(&words(&gather())));
    assert!(svg.contains("prefers-color-scheme:dark"));
    assert!(!svg.contains("<script") && svg.matches("http").count() == 1, "only the namespace: {svg}");
    assert!(svg.contains("503 &lt;try later&gt;</text>"));
}

prop_compose! {
    fn any_lane()(
        name in "[a-zé日本語👍🏽❤\u{fe0f}\u{301}\u{200d}\u{202e} ]{0,40}",
        parent in prop::option::of(0_usize..4),
        blocking: bool,
        times in prop::collection::vec((0_u64..3_000_000, 0_u64..90_000, 1_u32..200), 0..6),
        outcome in prop::option::of(prop::sample::select(Outcome::ALL.to_vec())),
        note in "[a-z語]{0,60}",
    ) -> Lane {
        let poll = |&(at, length, count): &(u64, u64, u32)| Poll { at, until: at + length, count, longest: length, busy: length, ..Poll::default() };
        let kind = if blocking { Kind::Blocking } else { Kind::Future };
        let notes = vec![Note { at: 2_500_000, seq: 0, text: note, place: None }];
        let polls = times.iter().map(poll).collect();
        let (closed, closed_seq) = (outcome.map(|_| 3_000_000), outcome.map(|_| 9));
        Lane { name, kind, parent, polls, notes, outcome, closed, closed_seq, ..Lane::default() }
    }
}

/// A colour's place where equal steps look equal: <https://bottosson.github.io/posts/oklab/>.
fn oklab(colour: &str) -> [f64; 3] {
    let part = |at: usize| f64::from(u8::from_str_radix(&colour[at..at + 2], 16).unwrap()) / 255.0;
    let [r, g, b] = [1, 3, 5].map(part).map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    let mixed =
        |weights: [f64; 3], of: [f64; 3]| weights.iter().zip(of).map(|(weight, value)| weight * value).sum::<f64>();
    let cones = [[0.4122, 0.5363, 0.0514], [0.2119, 0.6807, 0.1074], [0.0883, 0.2817, 0.6300]];
    let cones = cones.map(|weights| mixed(weights, [r, g, b]).cbrt());
    [[0.2105, 0.7936, -0.0041], [1.9780, -2.4286, 0.4506], [0.0259, 0.7828, -0.8087]]
        .map(|weights| mixed(weights, cones))
}

#[test]
fn the_hue_of_a_lane_differs_from_those_of_outcomes_and_of_other_lanes() {
    let outcomes: Vec<_> = Outcome::all_ends().map(palette::outcome).collect();
    for colour in [|hue: &Hue| hue.light, |hue: &Hue| hue.dark] {
        let apart = |a: &Hue, b: &Hue| {
            let squares = oklab(colour(a)).into_iter().zip(oklab(colour(b))).map(|(a, b)| (a - b).powi(2));
            squares.sum::<f64>().sqrt()
        };
        for (at, lane) in LANES.iter().enumerate() {
            for outcome in &outcomes {
                assert!(apart(lane, outcome) > 0.1, "{} is like {}: {}", lane.name, outcome.name, apart(lane, outcome));
            }
            for other in &LANES[..at] {
                assert!(apart(lane, other) > 0.08, "{} is like {}: {}", lane.name, other.name, apart(lane, other));
            }
        }
    }
}

proptest! {
    #[test]
    fn no_line_is_wider_than_the_limit(
        lanes in prop::collection::vec(any_lane(), 0..60),
        title in "[a-z語 ]{0,100}",
        width in 0_usize..200,
        ended in prop::sample::select(vec![0, 1, 999, 1_000_000, 3_000_000, u64::MAX]),
        multi_thread: bool,
    ) {
        let recording = Recording { title, ended, lanes, multi_thread, ..Recording::default() };
        let chart = chart(&[&recording], &Look { width, notes: true, ..Look::default() });
        for line in chart.lines() {
            prop_assert!(line.width() <= width.max(40), "{line}\n{chart}");
        }
        prop_assert_eq!(svg(&[&recording]), svg(&[&recording]));
        prop_assert!(svg(&[&recording]).ends_with("</svg>\n") && !words(&recording).is_empty());
    }

    /// A file that can be read can be drawn, whatever its numbers are.
    #[test]
    fn every_recording_that_can_be_read_can_be_drawn(
        changes in prop::collection::vec((0_usize..1_200, prop::sample::select(vec!["0", "9", "90", "9007199254740992", "null"])), 1..6),
    ) {
        let mut digits = 0;
        let json = gather().to_json();
        let changed: String = json.chars().map(|c| {
            digits += usize::from(c.is_ascii_digit());
            let change = changes.iter().find(|(at, _)| c.is_ascii_digit() && *at == digits);
            change.map_or_else(|| c.to_string(), |(_, with)| (*with).to_owned())
        }).collect();
        if let Ok(recording) = Recording::from_json(&changed) {
            prop_assert!(chart(&[&recording], &Look::default()).ends_with('\n'));
            prop_assert!(svg(&[&recording]).ends_with("</svg>\n") && !words(&recording).is_empty());
        }
    }
}
