//! The checks of `as-completed/progress_report`.

use std::error::Error;
use std::fmt;
use std::panic::resume_unwind;
use std::process::ExitCode;
use std::rc::Rc;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use exam::{Call, Exam, Judgement, Lane, LaneExt, Micros, Run, fault, listed, ms, seconds, times, unless_it_panics};
use tokio::time::{Instant, sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

/// What came of fetching a page: its text, or that there is none.
pub(crate) type Fetched = Result<String, Missing>;

/// The page of this name is missing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Missing(String);

/// A page to be fetched, packet by packet.
#[derive(Clone, Debug)]
pub(crate) struct Page {
    name: String,
    packets: u32,
    pace: Duration,
    end: End,
}

/// How fetching a page ends.
#[derive(Clone, Copy, Debug)]
enum End {
    There,
    Missing,
    Panics,
}

/// Where results are shown: one line after the other, and each takes a while.
#[derive(Debug)]
pub(crate) struct Screen {
    takes: Duration,
    since: Instant,
    lines: Lines,
}

/// What was written to the end of its line, shared with the scenario.
type Lines = Arc<Mutex<Vec<Line>>>;

#[derive(Clone, Debug)]
struct Line {
    /// When the writing of it began.
    at: Micros,
    index: usize,
    fetched: Fetched,
}

type Report = Call<(Vec<Page>, Screen), ()>;

impl Page {
    /// The name of the page: two pages may have the same.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Fetches the page: its text in the end, or that it is missing.
    ///
    /// The next packet is sent when the one before was received, so it takes longer if nobody polls it meanwhile.
    #[track_caller]
    pub(crate) fn fetch(&self) -> impl Future<Output = Fetched> + Send + use<> {
        let name = self.name().to_owned();
        let Self { packets, pace, end, .. } = *self;
        let lane = format!("page {name}");
        let packets = async move {
            for _ in 0..packets {
                sleep(pace).await;
            }
            match end {
                End::There => Ok(name),
                End::Missing => Err(Missing(name)),
                // Past the hook, which collects what goes wrong in the answer.
                End::Panics => resume_unwind(Box::new("a packet is too long")),
            }
        };
        packets.try_lane(lane)
    }
}

impl Screen {
    fn new(takes: Duration) -> Self {
        Self { takes, since: Instant::now(), lines: Lines::default() }
    }

    /// Writes a line: what came of fetching the page with this index.
    pub(crate) async fn show(&mut self, index: usize, fetched: Fetched) {
        let at = Micros::try_from(self.since.elapsed().as_micros()).unwrap_or(Micros::MAX);
        let write = async {
            // Even a sleep of no time waits for the next millisecond.
            if !self.takes.is_zero() {
                sleep(self.takes).await;
            }
        };
        write.lane(format!("show {index}")).await;
        self.lines.lock().unwrap_or_else(PoisonError::into_inner).push(Line { at, index, fetched });
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is missing", self.0)
    }
}

impl Error for Missing {}

fn main() -> ExitCode {
    let exam = Exam::new(
        "as-completed/progress_report",
        async |(pages, screen)| solution::progress_report(pages, screen).await,
        async |(pages, screen)| answer::progress_report(pages, screen).await,
    )
    .check("fetches all pages at once", async |report| lines(report, pages(), QUICK).await, |mine, possible| {
        all_at_once(
            mine,
            possible,
            "A future does nothing until it is polled: `.await` in a loop fetches the second page when the first is there. And what is not waited for may never begin.",
        )
    })
    .check(
        "shows each result as soon as it is there",
        async |report| lines(report, pages(), QUICK).await,
        |mine, _| {
            as_soon_as_there(
                mine,
                "Who collects all results first shows them at the end; who awaits one page after the other, in the order of the list, lets the slowest hold up the others; \
                 and who leaves the showing to a task has to wait for its end. `FuturesUnordered` and `JoinSet` hand out each result when it is there.",
            )
        },
    )
    .check("shows each result with the index of its page", async |report| lines(report, pages(), QUICK).await, |mine, possible| {
        under_its_index(
            mine,
            possible,
            "The place in the order of completion is not the place in the list, and neither is the place among those that are left. \
             Number the pages before they are fetched, and let each future return its number.",
        )
    })
    .check("tells two pages of the same name apart", async |report| lines(report, twice(), QUICK).await, |mine, possible| {
        under_its_index(mine, possible, "A name is no place: what looks for the name finds the first of the two, both times.")
    })
    .check("shows missing pages, too", async |report| lines(report, some_missing(), QUICK).await, |mine, possible| {
        const WHY: &str = "In this loop an `Err` is a result like any other: it has an index, it is shown, and the pages behind it go on.";
        all_at_once(mine, possible, WHY)?;
        under_its_index(mine, possible, WHY)?;
        as_soon_as_there(mine, WHY)
    })
    .check("loses no result while a line is written", async |report| lines(report, all_of_a_sudden(), SLOW).await, |mine, possible| {
        under_its_index(
            mine,
            possible,
            "Others come while a line is written, and they wait: in a queue that has room, or where they came to be. \
             A `watch` channel knows the latest value only, `try_send` gives up when the channel is full, and a `show` that is dropped has written nothing.",
        )?;
        in_the_order_of_coming(mine)
    })
    .check("goes on fetching while a line is written", async |report| lines(report, some_close_together(), SLOW).await, goes_on_fetching)
    .check(
        "returns at once when there are no pages",
        async |report| {
            // Who never ends without pages is seen to wait for half a second.
            let none = timeout(ms(500), lines(Rc::clone(&report), Vec::new(), QUICK)).await.unwrap_or_default();
            let one = lines(report, vec![there("map", 3, 301)], QUICK).await;
            [none, one].concat()
        },
        |mine, possible| {
            const WHY: &str = "A list may be empty, and then there is nothing to wait for. \
                A limit of as many as there are is 0, then, and `buffer_unordered(0)` never ends.";
            if mine.took() > possible.took() {
                return fault("Without pages your answer did not return: after half a second its caller gave up.", WHY);
            }
            under_its_index(mine, possible, WHY)
        },
    )
    .check(
        "sleeps while nothing comes",
        async |report| lines(report, pages(), QUICK).await,
        |mine, possible| mine.sleeps_while_nothing_comes(possible, "A look every millisecond keeps a processor awake, and on a server a thousand such loops keep it busy. \
         A future that is awaited wakes its task when there is something to do."),
    )
    .check("waits for a page that takes ten minutes", async |report| lines(report, one_is_slow(), QUICK).await, |mine, possible| {
        under_its_index(mine, possible, "How long to wait for a page is for your caller to say: nobody asked for a limit.")
    })
    .check("does the same with three hundred pages", async |report| lines(report, hundreds(), SLOW).await, |mine, possible| {
        all_at_once(mine, possible, "A limit that nobody asked for: what is beyond it begins when something before it is there.")?;
        under_its_index(
            mine,
            possible,
            "Hundreds of results wait for their line here: what keeps the latest of them only, or as many as it has room for, loses the others.",
        )?;
        goes_on_fetching(mine, possible)?;
        in_the_order_of_coming(mine)
    });
    when_it_ends_before_the_end(exam).verdict()
}

fn when_it_ends_before_the_end(exam: Exam<(Vec<Page>, Screen), ()>) -> Exam<(Vec<Page>, Screen), ()> {
    exam
    .check(
        "stops everything when its caller gives up",
        async |report| {
            let _given_up = timeout(ms(250), lines(report, pages(), SLOW)).await;
            sleep(ms(31)).lane("the caller goes on").await;
        },
        |mine, _| {
            mine.leaves_nothing_running(
                "A timeout drops your future in the middle of a line, and the handles in it: a task without a handle runs on, \
                 whether it fetches or writes. `JoinSet` and `AbortOnDropHandle` abort their tasks when they are dropped.",
            )
        },
    )
    .check(
        "passes on that a call panicked",
        async |report| unless_it_panics(lines(report, one_panics(), QUICK)).await,
        |mine, _| {
            mine.hides_no_panic(|lines| {
                (lines.len() < one_panics().len()).then(|| format!("with {} lines on the screen", lines.len()))
            })
        },
    )
}

/// How long the screen takes for a line.
const QUICK: Duration = Duration::ZERO;
const SLOW: Duration = ms(101);

async fn lines(report: Report, pages: Vec<Page>, takes: Duration) -> Vec<Line> {
    let screen = Screen::new(takes);
    let lines = Arc::clone(&screen.lines);
    report((pages, screen)).await;
    lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn all_at_once<T>(mine: &Run<T>, possible: &Run<T>, why: &str) -> Judgement {
    for page in possible.calls("page ") {
        match mine.calls("page ").filter(|lane| lane.name == page.name).count() {
            1 => {}
            0 => return fault(format!("`{}` was never fetched.", page.name), why),
            count => return fault(format!("`{}` was fetched {}, where once is right.", page.name, times(count)), why),
        }
    }
    let (peak, all) = (mine.peak("page "), possible.peak("page "));
    if peak < all {
        return fault(format!("At most {peak} of {all} pages were under way at once."), why);
    }
    Ok(())
}

/// What a line is about, whatever index it gives.
fn page(line: &Line) -> &str {
    line.fetched.as_ref().unwrap_or_else(|Missing(name)| name)
}

fn as_soon_as_there(mine: &Run<Vec<Line>>, why: &str) -> Judgement {
    let mut latest = (0, None);
    for lane in mine.calls("page ") {
        let there = lane.closed.unwrap_or(0);
        let Some(line) = mine.output.iter().find(|line| lane.name.ends_with(page(line))) else {
            let returned = seconds(mine.took());
            return fault(format!("Your answer returned at {returned}, and `{}` was not shown.", lane.name), why);
        };
        if line.at > there + latest.0 {
            latest = (line.at - there, Some((&lane.name, there / 1_000, line.at / 1_000)));
        }
    }
    let Some((name, there, shown)) = latest.1 else { return Ok(()) };
    fault(format!("`{name}` was there after {there} ms, and shown after {shown} ms."), why)
}

/// Every result is shown once, under the index of its page; in which order is another question.
fn under_its_index(mine: &Run<Vec<Line>>, possible: &Run<Vec<Line>>, why: &str) -> Judgement {
    let shown = |run: &Run<Vec<Line>>| {
        let mut shown: Vec<_> = run.output.iter().map(|line| (line.index, line.fetched.clone())).collect();
        shown.sort();
        shown
    };
    let mut too_much = shown(mine);
    let mut lacking = shown(possible);
    lacking.retain(|line| too_much.iter().position(|other| other == line).map(|at| too_much.remove(at)).is_none());
    let name = |fetched: &Fetched| fetched.clone().unwrap_or_else(|Missing(name)| name);
    let what = match (lacking.first(), too_much.first()) {
        (None, None) => return Ok(()),
        (None, Some((index, fetched))) => format!("`{}` was shown once more, with index {index}.", name(fetched)),
        (Some((index, fetched)), _) => match too_much.iter().find(|(_, other)| other == fetched) {
            Some((wrong, _)) => format!("`{}` was shown with index {wrong}, where {index} is right.", name(fetched)),
            None => format!("The line for `{}`, index {index}, was never written.", name(fetched)),
        },
    };
    fault(what, why)
}

/// Those that come at the same instant may be shown in any order.
fn in_the_order_of_coming(mine: &Run<Vec<Line>>) -> Judgement {
    let came = |line: &Line| mine.recording.lane(&format!("page {}", page(line))).and_then(|lane| lane.closed);
    if mine.output.iter().map(came).is_sorted() {
        return Ok(());
    }
    let mut came: Vec<_> = mine.output.iter().map(|line| (came(line), page(line))).collect();
    let shown: Vec<_> = came.iter().map(|(_, page)| *page).collect();
    let shown = listed(&shown);
    came.sort();
    let came: Vec<_> = came.into_iter().map(|(_, page)| page).collect();
    fault(
        format!("You showed {shown}. They came in the order {}.", listed(&came)),
        "What comes while a line is written waits, and is shown in the order in which it came.",
    )
}

fn goes_on_fetching(mine: &Run<Vec<Line>>, possible: &Run<Vec<Line>>) -> Judgement {
    const WHY: &str = "A future in a `FuturesUnordered` or a buffer is polled only while somebody waits for the next result, \
        and while your loop awaits `show`, or room in a channel, nobody does: \
        the packets of the other pages lie there. The runtime polls tasks in any case; and what awaits `show` and the pages in one place polls both.";
    let mut latest = (0, None);
    for best in possible.calls("page ") {
        let closed = |lane: Option<&Lane>| lane.and_then(|lane| lane.closed).unwrap_or(0);
        let (mine, best_time) = (closed(mine.recording.lane(&best.name)), closed(Some(best)));
        if mine > best_time + latest.0 {
            latest = (mine - best_time, Some((&best.name, mine / 1_000, best_time / 1_000)));
        }
    }
    if let Some((name, mine, possible)) = latest.1 {
        return fault(
            format!(
                "`{name}` was there after {mine} ms, where {possible} ms are possible: it stood still while a line was written."
            ),
            WHY,
        );
    }
    under_its_index(mine, possible, WHY)?;
    mine.as_quick_as(possible, WHY)
}

fn there(name: &str, packets: u32, pace: u64) -> Page {
    Page { name: name.to_owned(), packets, pace: ms(pace), end: End::There }
}

fn missing(name: &str, packets: u32, pace: u64) -> Page {
    Page { end: End::Missing, ..there(name, packets, pace) }
}

/// The order in which they come is not the order of the list, nor its reverse, and no page keeps its place by chance.
fn pages() -> Vec<Page> {
    vec![there("map", 3, 301), there("photo", 3, 207), there("icon", 2, 103), there("notes", 3, 141)]
}

fn twice() -> Vec<Page> {
    vec![there("map", 3, 301), there("icon", 3, 107), there("photo", 3, 207), there("icon", 2, 103)]
}

/// The first to come is missing, and one in the middle.
fn some_missing() -> Vec<Page> {
    let mut pages = pages();
    pages.insert(1, missing("sketch", 2, 251));
    pages.push(missing("cover", 1, 97));
    pages
}

fn one_panics() -> Vec<Page> {
    let mut pages = pages();
    pages.insert(1, Page { end: End::Panics, ..there("sketch", 2, 251) });
    pages
}

/// Two at the same instant, and two more before a line is written.
fn all_of_a_sudden() -> Vec<Page> {
    vec![
        there("map", 3, 301),
        there("icon", 2, 103),
        there("notes", 2, 103),
        there("cover", 2, 113),
        missing("photo", 2, 107),
    ]
}

/// Two come while the first line is written, and another one is still under way.
fn some_close_together() -> Vec<Page> {
    let mut pages = pages();
    pages.extend([there("cover", 2, 113), there("plan", 5, 67), there("sketch", 2, 121)]);
    pages
}

fn one_is_slow() -> Vec<Page> {
    vec![there("map", 3, 47_000), there("atlas", 3, 203_000), there("icon", 2, 103)]
}

/// All come while the first line is written.
fn hundreds() -> Vec<Page> {
    (0..300).map(|number| there(&format!("p{number}"), 2, 300 - number * 37 % 41)).collect()
}
