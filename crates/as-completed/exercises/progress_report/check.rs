//! The checks of `as-completed/progress_report`.

use std::process::ExitCode;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use exam::{Exam, Judgement, Lane, Reply, Run, Service, fault, ms};
use tokio::time::Instant;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::{Line, Page, Screen};

type Shown = Run<Vec<Line>>;

/// The pages, and how long the screen takes for a line.
type Input = (Vec<Page>, Duration);

/// Calls a report, and returns the lines that were completely written.
async fn lines((pages, takes): Input, report: impl AsyncFnOnce(Vec<Page>, Screen)) -> Vec<Line> {
    let lines = Arc::default();
    report(pages, Screen { takes, since: Instant::now(), lines: Arc::clone(&lines) }).await;
    lines.lock().unwrap_or_else(PoisonError::into_inner).clone()
}

fn main() -> ExitCode {
    let exam = Exam::new(
        "as-completed/progress_report",
        async |input| lines(input, solution::progress_report).await,
        async |input| lines(input, answer::progress_report).await,
    )
    .check_each("fetches all pages at once", [|| (pages([]), QUICK)], |mine, possible| {
        mine.made_all_calls_at_once(
            possible,
            "page ",
            "A future does nothing until it is polled: `.await` in a loop fetches the second page when the first is there. A task that you do not wait for may never start.",
        )
    })
    .check_each("shows each result as soon as it is there", [|| (pages([]), QUICK)], |mine, _| {
        as_soon_as_there(
            mine,
            "If you collect all results first, you show them only at the end. If you await the pages in the order of the list, the slowest \
             delays the others. If a task shows them, wait for its end. `FuturesUnordered` and `JoinSet` return each result when it comes.",
        )
    })
    .check_each("shows each result with the index of its page", [|| (pages([]), QUICK), || (pages([("icon", 3, 107)]), QUICK)], under_its_index("A page's place in the order of completion, or among the remaining pages, is not its place in the list. \
             Two pages may have the same name, so do not use the name. Number the pages before you fetch them, and let each future return its number."))
    .check_each("also shows missing pages", [|| (pages([("no sketch", 2, 251), ("no cover", 1, 97)]), QUICK), || (vec![page_of("no cover", 1, Reply::err(ms(97), "is missing"))], QUICK)], |mine, possible| {
        const WHY: &str = "In this loop an `Err` is a result like any other: show it with its index, and go on with the other pages.";
        under_its_index(WHY)(mine, possible)?;
        as_soon_as_there(mine, WHY)
    })
    .check_each("loses no result while a line is written", [|| (pages(CROWD), SLOW)], |mine, possible| {
        under_its_index("Other results come while a line is written. Keep them until it is done. \
             A `watch` channel keeps only the latest value, `try_send` fails when the channel is full, and a `show` that is dropped has written nothing.")(mine, possible)?;
        in_the_order_of_coming(mine)
    })
    .check_each("goes on fetching while a line is written", [|| (pages(CROWD), SLOW)], goes_on_fetching);
    with_other_pages(exam).verdict()
}

fn with_other_pages(exam: Exam<Input, Vec<Line>>) -> Exam<Input, Vec<Line>> {
    exam.sleeps_while_nothing_comes(|| (pages([]), QUICK))
    .check_each("shows late and empty results, and blanks", [|| (odd(), QUICK), || (Vec::new(), QUICK)], |mine, possible| {
        under_its_index("Show each result unchanged, even if it is empty. One takes fifty minutes: your caller decides how long to wait.")(mine, possible)?;
        mine.leaves_nothing_running("All lines are written, and this task still runs. End it, or do not start it.")
    })
    .if_it_never_ends("Here the list of pages is empty. If the limit is the number of pages, it is 0, and `buffer_unordered(0)` never ends.")
    .check_each("does the same with a thousand pages", [|| (thousand(), SLOW)], |mine, possible| {
        mine.made_all_calls_at_once(possible, "page ", "The task does not ask for a limit. Pages beyond a limit start only when earlier ones have ended.")?;
        under_its_index("A thousand results wait for their line here, and many pages are missing. If you keep only the latest results, or a fixed number, you lose the others.")(mine, possible)?;
        goes_on_fetching(mine, possible)?;
        in_the_order_of_coming(mine)
    })
    .stops_with_its_caller(
        [(0, || (pages([]), SLOW)), (250, || (pages([]), SLOW)), (650, || (pages([]), SLOW)), (950, || (pages([]), SLOW))],
        "A timeout drops your future in the middle of a line, with the handles in it. \
         A task without a handle keeps running, whether it fetches or writes. `JoinSet` and `AbortOnDropHandle` abort their tasks when they are dropped.",
    )
    .passes_on_a_panic([|| (one_panics(502), QUICK), || (one_panics(502), SLOW), || (one_panics(2_000), QUICK)], |lines| Some(format!("with {} lines on the screen", lines.len())))
}

/// How long the screen takes for a line.
const QUICK: Duration = Duration::ZERO;
const SLOW: Duration = ms(101);

/// The page of a line, whatever its index is: the name of the page, unless its text differs.
fn page(line: &Line) -> String {
    line.fetched.clone().unwrap_or_else(|failure| failure.to_string().replace(" is missing", "").replace("page ", ""))
}

fn as_soon_as_there(mine: &Shown, why: &str) -> Judgement {
    for lane in mine.calls("page ") {
        let shown = mine.output.iter().find(|line| lane.name.ends_with(&page(line))).map(|line| line.at / 1_000);
        let there = lane.closed.map(|there| there / 1_000);
        if let (Some(there), Some(shown)) = (there, shown)
            && shown > there
        {
            return fault(format!("`{}` came after {there} ms, and was shown after {shown} ms.", lane.name), why);
        }
    }
    Ok(())
}

/// Every result is shown once, with the index of its page, in any order.
fn under_its_index(why: &'static str) -> impl Fn(&Shown, &Shown) -> Judgement {
    move |mine, possible| {
        let [mine, right] = [mine, possible].map(|run| {
            let mut lines: Vec<_> = run.output.iter().map(|line| (line.index, page(line))).collect();
            lines.sort();
            lines
        });
        let at = (0..right.len()).find(|at| mine.get(*at) != right.get(*at)).unwrap_or(right.len());
        let what = match (mine.get(at), right.get(at)) {
            (None, None) => return Ok(()),
            (Some((index, page)), None) => format!("`{page}` was shown once more, with index {index}."),
            (Some((index, page)), Some((next, _))) if index < next => {
                format!("`{page}` was shown once more, with index {index}.")
            }
            (Some((index, page)), Some((same, right))) if index == same => {
                format!("With index {index} you showed `{page}`, where `{right}` is right.")
            }
            (_, Some((index, page))) => format!("The line for `{page}`, index {index}, was never written."),
        };
        fault(what, why)
    }
}

/// Results that come at the same instant may be shown in any order.
fn in_the_order_of_coming(mine: &Shown) -> Judgement {
    let came = |line: &Line| mine.recording.lane(&format!("page {}", page(line))).and_then(|lane| lane.closed);
    match mine.output.windows(2).find(|pair| came(&pair[0]) > came(&pair[1])) {
        Some([early, late, ..]) => fault(
            format!("You showed `{}` before `{}`, which had come earlier.", page(early), page(late)),
            "Show the results that come while a line is written after it, in the order in which they came.",
        ),
        _ => Ok(()),
    }
}

fn goes_on_fetching(mine: &Shown, possible: &Shown) -> Judgement {
    const WHY: &str = "A future in a `FuturesUnordered` or a buffer is polled only while you wait for the next result. \
        While your loop awaits `show`, or room in a channel, you do not: \
        the packets of the other pages are not received. The runtime polls tasks at all times. Or await `show` and the pages in one place, so that both are polled.";
    for best in possible.calls("page ") {
        let there = |lane: Option<&Lane>| lane.and_then(|lane| lane.closed).unwrap_or(0) / 1_000;
        let (mine, possible) = (there(mine.recording.lane(&best.name)), there(Some(best)));
        if mine > possible {
            let what = format!(
                "`{}` came after {mine} ms, where {possible} ms are possible. Its fetch stood still while a line was written.",
                best.name
            );
            return fault(what, WHY);
        }
    }
    under_its_index(WHY)(mine, possible)?;
    mine.as_quick_as(possible, WHY)
}

/// Two come at the same instant, two more before a line is written, and others are still under way.
const CROWD: [(&str, u32, u64); 4] = [("cover", 2, 113), ("plan", 5, 67), ("sketch", 2, 103), ("no draft", 2, 107)];

/// Some pages and these, each with its number of packets and the milliseconds between them. A page with a name that starts with `no` is missing.
///
/// They come neither in the order of the list nor in its reverse, and no page keeps its place by chance.
fn pages<const N: usize>(more: [(&str, u32, u64); N]) -> Vec<Page> {
    let usual = [("map", 3, 301), ("photo", 3, 207), ("icon", 2, 103), ("notes", 3, 141)];
    let page = |(name, packets, pace): (&str, u32, u64)| match ms(pace) * packets {
        after if name.starts_with("no ") => page_of(name, packets, Reply::err(after, "is missing")),
        after => page_of(name, packets, Reply::ok(after, name)),
    };
    usual.into_iter().chain(more).map(page).collect()
}

fn page_of(name: &str, packets: u32, reply: Reply) -> Page {
    Page(Service::new(&format!("page {name}"), reply.in_steps(packets)))
}

/// A second fetch would succeed.
fn one_panics(after: u64) -> Vec<Page> {
    let sketch = page_of("sketch", 2, Reply::panics(ms(after), "has a packet that is too long"));
    [pages([]), vec![Page(sketch.0.then(Reply::ok(ms(97), "sketch")))]].concat()
}

fn odd() -> Vec<Page> {
    let texts = [page_of("blank", 1, Reply::ok(ms(50), "")), page_of("motto", 1, Reply::ok(ms(70), " on and on "))];
    [pages([("no cover", 1, 97), ("atlas", 3, 1_000_000)]), texts.to_vec()].concat()
}

/// More than the limits that answers set. All come while the first lines are written, and every third is missing.
fn thousand() -> Vec<Page> {
    let page = |number: u64| {
        let (name, after) = (format!("p{number}"), ms(600 - 2 * (number * 37 % 41)));
        let reply = if number.is_multiple_of(3) { Reply::err(after, "is missing") } else { Reply::ok(after, &name) };
        page_of(&name, 2, reply)
    };
    (0..1_100).map(page).collect()
}
