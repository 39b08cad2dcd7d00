//! The Chrome trace-event form, which <https://ui.perfetto.dev> and `chrome://tracing` open.
//!
//! Every lane is a track ("thread") of one process, in the order in which the lanes were opened.
//! A track has one slice for the time in which the lane was open, and on top of it one slice for each poll. Notes are instants.
//! Slices of one track nest, as Perfetto requires, and an outer slice comes before the slices inside it.
//! The format: <https://docs.google.com/document/d/1CvAClvFfyA5R-PhYUmn5OOQtYMH4h6I0nSsKchNAySU/preview>.

use crate::json::quoted;
use crate::recording::{Lane, Note, Outcome, Recording};

impl Recording {
    /// The recording as Chrome trace-event JSON: open the file in <https://ui.perfetto.dev>.
    ///
    /// Times are in microseconds. Equal recordings give equal bytes.
    #[must_use]
    pub fn to_chrome(&self) -> String {
        let title = quoted(&self.title);
        let mut events =
            vec![format!(r#"{{"name":"process_name","ph":"M","pid":1,"tid":0,"args":{{"name":{title}}}}}"#)];
        events.extend(self.notes.iter().map(|note| note_event(note, 0)));
        for (number, lane) in self.lanes.iter().enumerate() {
            // Some viewers take thread 0 for the idle thread.
            lane_events(self, lane, number + 1, &mut events);
        }
        format!("{{\"displayTimeUnit\":\"ms\",\"traceEvents\":[\n{}\n]}}\n", events.join(",\n"))
    }
}

fn lane_events(recording: &Recording, lane: &Lane, track: usize, events: &mut Vec<String>) {
    let name = quoted(&lane.name);
    let told = |key, value| format!(r#"{{"name":"thread_{key}","ph":"M","pid":1,"tid":{track},"args":{{{value}}}}}"#);
    events.push(told("name", format!(r#""name":{name}"#)));
    events.push(told("sort_index", format!(r#""sort_index":{track}"#)));
    // Its slice covers its polls, even if their ends were recorded a little later than its own end.
    let from = lane.polls.iter().map(|poll| poll.at).chain([lane.opened]).min().unwrap_or(lane.opened);
    let until = lane.polls.iter().map(|poll| poll.until).chain([lane.closed.unwrap_or(recording.ended)]).max();
    let slice = |name: &str, from: u64, until: u64, facts: &str| {
        let length = until.saturating_sub(from);
        format!(
            r#"{{"name":{name},"cat":"lane","ph":"X","pid":1,"tid":{track},"ts":{from},"dur":{length},"args":{{{facts}}}}}"#
        )
    };
    let place = lane.place.as_ref().map(|place| format!(r#","place":{}"#, quoted(&place.to_string())));
    let (outcome, polls, place) = (Outcome::end_words(lane.outcome), lane.poll_count(), place.unwrap_or_default());
    let facts = format!(r#""outcome":"{outcome}","polls":{polls}{place}"#);
    events.push(slice(&name, from, until.unwrap_or(from), &facts));
    for poll in &lane.polls {
        let thread = poll
            .thread
            .and_then(|thread| recording.threads.get(usize::from(thread)))
            .map(|thread| format!(r#","thread":{}"#, quoted(thread)));
        let thread = thread.unwrap_or_default();
        let facts = format!(r#""count":{},"longest":{}{thread}"#, poll.count, poll.longest);
        events.push(slice("\"poll\"", poll.at, poll.until, &facts));
    }
    events.extend(lane.notes.iter().map(|note| note_event(note, track)));
}

fn note_event(note: &Note, track: usize) -> String {
    // A note of a lane belongs to the lane's track. A note outside every lane belongs to the whole process.
    let (text, at, scope) = (quoted(&note.text), note.at, if track == 0 { 'p' } else { 't' });
    format!(r#"{{"name":{text},"cat":"note","ph":"i","s":"{scope}","pid":1,"tid":{track},"ts":{at}}}"#)
}
