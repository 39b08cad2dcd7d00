//! The checks of `capacity/enough`.

use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use exam::{Exam, Judgement, Run, fault, listed, ms};
use timeline::LaneExt;
use tokio::time::{Instant, sleep, sleep_until};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

/// What the service is to expect, and its target.
#[derive(Clone, Copy, Debug)]
pub struct Plan {
    /// How many requests come in a second, on average.
    pub per_second: u32,
    /// How long a request keeps a worker busy, on average.
    pub takes: Duration,
    /// For how many percent of its time a worker may be busy: from 1 to 100.
    pub busy: u32,
    /// How long a request may wait for a worker.
    pub longest_wait: Duration,
}

/// What became of the requests of a day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many workers there were.
    pub workers: usize,
    /// Requests whose clients got an answer.
    pub answered: usize,
    /// Requests that were refused.
    pub refused: usize,
    /// Requests whose clients gave up before the answer.
    pub gone: usize,
}

/// The requests of a day.
#[derive(Debug)]
pub struct Arrivals {
    coming: std::vec::IntoIter<Script>,
    start: Instant,
    log: Arc<Mutex<Log>>,
    /// Which of the days that are played one after another.
    day: usize,
}

/// One request of the script, in milliseconds.
#[derive(Clone, Copy, Debug)]
struct Script {
    at: u64,
    takes: u64,
    /// When its client gives up.
    until: u64,
}

#[derive(Clone, Debug, Default)]
struct Log {
    /// When the request of this number was begun, and when refused, in milliseconds.
    begun: Vec<(usize, u128)>,
    refused: Vec<(usize, u128)>,
    /// How many are worked on now, and at most.
    now: usize,
    peak: usize,
}

impl Arrivals {
    fn new(coming: Vec<Script>, day: usize) -> Self {
        Self { coming: coming.into_iter(), start: Instant::now(), log: Arc::default(), day }
    }

    /// The next request, when it comes; `None` when the day is over.
    pub async fn next(&mut self) -> Option<Request> {
        let Script { at, .. } = *self.coming.as_slice().first()?;
        sleep_until(self.start + ms(at)).await;
        let script = self.coming.next()?;
        let number = self.coming.len();
        let name = format!("day {}, {} ms", self.day, script.at);
        Some(Request { number, name, script, start: self.start, log: Arc::clone(&self.log) })
    }
}

/// A request of a client.
#[derive(Debug)]
pub struct Request {
    /// How many come after it.
    number: usize,
    name: String,
    script: Script,
    start: Instant,
    log: Arc<Mutex<Log>>,
}

impl Request {
    /// Whether the client has given up.
    #[must_use]
    pub fn is_gone(&self) -> bool {
        self.start.elapsed() >= ms(self.script.until)
    }

    /// Does the work, and returns whether the client was still there at the end.
    pub async fn work(self) -> bool {
        let work = async {
            self.with(|log, now| {
                log.begun.push((self.number, now));
                log.now += 1;
                log.peak = log.peak.max(log.now);
            });
            sleep(ms(self.script.takes)).await;
            self.with(|log, _| log.now -= 1);
        };
        work.lane(self.name.clone()).await;
        !self.is_gone()
    }

    /// Refuses it.
    pub fn refuse(self) {
        self.with(|log, now| log.refused.push((self.number, now)));
    }

    fn with(&self, act: impl FnOnce(&mut Log, u128)) {
        act(&mut self.log.lock().unwrap_or_else(PoisonError::into_inner), self.start.elapsed().as_millis());
    }
}

type Input = (Plan, Arrivals);
type Day = (Plan, Vec<Script>);

/// A day that was played.
type Played = (Plan, Vec<Script>, Report, Log);

fn main() -> ExitCode {
    let exam = Exam::new(
        "capacity/enough",
        async |(plan, arrivals): Input| solution::enough(plan, arrivals).await,
        async |(plan, arrivals): Input| answer::enough(plan, arrivals).await,
    );
    let exam = check(
        exam,
        "has as many workers as the load keeps busy",
        || {
            let short = Plan { takes: Duration::from_micros(1_500), ..plan(2_733, 1, 100, 900) };
            vec![
                rush(plan(30, 50, 100, 900), 9),
                rush(plan(100, 41, 100, 900), 30),
                rush(plan(3, 5, 100, 900), 4),
                rush(short, 9),
            ]
        },
        "Requests a second, times the seconds that each takes: so many workers are busy on average (Little's law). \
            With fewer, the queue grows and grows, so round up, and at the end only. Mind the units.",
        has_the_workers,
    );
    let exam = check(
        exam,
        "leaves the workers the free time of the target",
        || {
            vec![
                rush(plan(100, 40, 80, 900), 30),
                rush(plan(100, 40, 50, 900), 30),
                rush(plan(30, 50, 60, 900), 20),
                rush(plan(1_000, 100, 80, 900), 150),
            ]
        },
        "If a worker is to be busy for at most 80 % of its time, divide by 0.8. \
            Requests do not come evenly: a worker without free time has a queue that only grows.",
        has_the_workers,
    );
    let exam = check(
        exam,
        "has no worker too many",
        || vec![rush(plan(100, 70, 70, 900), 30), rush(plan(50, 70, 100, 900), 30), rush(plan(100, 70, 100, 900), 30)],
        "As a float, 100 * 0.07 is a little above 7, so `ceil` makes 8 of it. Multiply whole numbers, and round up with `div_ceil`.",
        has_the_workers,
    );
    with_a_queue(exam).verdict()
}

fn with_a_queue(exam: Exam<Input, Report>) -> Exam<Input, Report> {
    let exam = check(
        exam,
        "refuses what would wait too long",
        || {
            let odd = Plan { longest_wait: Duration::from_micros(62_500), ..plan(50, 25, 100, 0) };
            vec![
                rush(plan(100, 40, 80, 64), 40),
                rush(plan(50, 40, 90, 130), 160),
                // As a float, 0.3 / 0.1 is a little below 3.
                rush(plan(10, 100, 100, 300), 9),
                rush(odd, 12),
            ]
        },
        "As many may wait as the workers can do within `plan.longest_wait`: workers × longest wait ÷ time of a request, rounded down. \
            Whoever comes then hears at once that there is no room, and can go elsewhere.",
        refuses_the_right_ones,
    );
    let exam = check(
        exam,
        "refuses nobody while there is room",
        || {
            vec![
                rush(plan(100, 40, 80, 64), 13),
                rush(plan(100, 40, 80, 0), 5),
                day(plan(20, 40, 80, 0), &[(0, 41), (10, 42), (60, 43)]),
                day(plan(2_400, 100, 80, 100), &[(0, 101); 590]),
                day(plan(50, 40, 100, 20), &[(0, 41), (0, 45), (0, 42), (60, 45), (60, 47), (60, 44)]),
            ]
        },
        "There is room for one request for each worker, and for those that wait. \
            A bounded channel knows nothing about idle workers: requests of the same instant find it full, although workers have nothing to do.",
        refuses_the_right_ones,
    );
    let exam = check(
        exam,
        "begins the requests in their order",
        || vec![rush(plan(100, 40, 80, 300), 30)],
        "The one that has waited longest comes first. Otherwise some wait for ever while others do not wait.",
        begins_in_order,
    );
    let exam = check(
        exam,
        "finishes what it has accepted",
        || vec![rush(plan(100, 40, 80, 64), 13), day(plan(10, 90, 90, 900), &[(0, 600_001), (10, 41), (20, 42)])],
        "When the day is over, requests are still under way, and others wait. Join all of them before you return.",
        |mine, possible, why| {
            let (mine, right) = (mine.3.begun.len() - mine.3.now, possible.3.begun.len());
            equal(
                &mine,
                &right,
                || format!("{mine} requests were done when your answer returned, where {right} is right."),
                why,
            )
        },
    );
    let exam = check(
        exam,
        "does no work for clients who have gone",
        || vec![impatient(), full()],
        "Nobody reads that answer, and the clients behind it wait for the worker. Ask `is_gone()` when the worker is there, not before. \
            Until then the request keeps its place in the queue.",
        |mine, possible, why| {
            let (count, right) = (mine.3.begun.len(), possible.3.begun.len());
            equal(&count, &right, || format!("Your workers began {count} requests, where {right} is right."), why)?;
            refuses_the_right_ones(mine, possible, why)?;
            begins_in_order(mine, possible, why)
        },
    );
    let exam = check(
        exam,
        "counts who got an answer, who was refused, and who gave up",
        || vec![impatient(), rush(plan(100, 40, 80, 64), 40)],
        "An answer counts if its client was there to get it: `work()` tells. A client may also give up while you work.",
        |mine, possible, why| {
            let (mine, right) = (&mine.2, &possible.2);
            equal(mine, right, || format!("Your report is {}. Right is {}.", words(mine), words(right)), why)
        },
    );
    exam.sleeps_while_nothing_comes(|| input(day(plan(20, 40, 80, 64), &[(0, 901), (10, 42), (2_000, 43)])))
        .stops_with_its_caller(
            [(20, || input(rush(plan(100, 40, 80, 64), 13))), (60, || input(rush(plan(100, 40, 80, 64), 13)))],
            "A task that nobody owns runs on. A `JoinSet` aborts its tasks when it is dropped.",
        )
}

/// Adds a check that plays these days one after another, and judges each.
fn check(
    exam: Exam<Input, Report>,
    sentence: &'static str,
    days: fn() -> Vec<Day>,
    why: &'static str,
    judge: fn(&Played, &Played, &str) -> Judgement,
) -> Exam<Input, Report> {
    exam.check(
        sentence,
        async move |enough| {
            let mut played = Vec::new();
            for (plan, day) in days() {
                let arrivals = Arrivals::new(day.clone(), played.len() + 1);
                let log = Arc::clone(&arrivals.log);
                let report = enough((plan, arrivals)).await;
                let log = log.lock().unwrap_or_else(PoisonError::into_inner).clone();
                played.push((plan, day, report, log));
            }
            played
        },
        move |mine: &Run<Vec<Played>>, possible| {
            mine.output.iter().zip(&possible.output).try_for_each(|(mine, possible)| judge(mine, possible, why))
        },
    )
}

fn plan(per_second: u32, takes: u64, busy: u32, longest_wait: u64) -> Plan {
    Plan { per_second, takes: ms(takes), busy, longest_wait: ms(longest_wait) }
}

/// Requests that come at these times, and take so long; all clients are patient.
fn day(plan: Plan, requests: &[(u64, u64)]) -> Day {
    (plan, requests.iter().map(|&(at, takes)| Script { at, takes, until: u64::MAX }).collect())
}

/// So many requests: three at the same instant, and the next three ten milliseconds later. None of them ends when others come.
fn rush(plan: Plan, count: u64) -> Day {
    let slowest = u64::try_from(plan.takes.as_millis()).unwrap_or(u64::MAX) / 10 * 10 + 400;
    day(plan, &(0..count).map(|n| (n / 3 * 10, slowest + n * 7 % 10 * 10 + 1 + n * 3 % 9)).collect::<Vec<_>>())
}

/// Two workers, and six clients: one gives up while a worker does its request, and two while they wait.
fn impatient() -> Day {
    let until = [900, 60, 50, 900, 70, 900];
    let (plan, mut day) = day(plan(50, 40, 100, 200), &[(0, 81), (0, 92), (10, 43), (20, 44), (30, 45), (40, 46)]);
    day.iter_mut().zip(until).for_each(|(script, until)| script.until = until);
    (plan, day)
}

/// Two workers, and room for two: one gives up while it waits, and keeps its place until its turn comes.
fn full() -> Day {
    let requests = [(0, 81), (0, 92), (10, 43), (20, 44), (60, 45), (100, 46), (110, 47), (115, 48)];
    let (plan, mut day) = day(plan(50, 40, 100, 40), &requests);
    day[2].until = 50;
    (plan, day)
}

fn input((plan, day): Day) -> Input {
    (plan, Arrivals::new(day, 1))
}

fn has_the_workers((plan, _, report, mine): &Played, (.., right): &Played, why: &str) -> Judgement {
    let Plan { per_second, takes, busy, .. } = plan;
    let plan = format!("{per_second} requests a second of {takes:?} each, at most {busy} % busy");
    let [mine, right] = [mine.peak, right.peak];
    equal(&mine, &right, || format!("{plan}: {mine} requests were worked on at once, where {right} is right."), why)?;
    let says = report.workers;
    equal(&says, &right, || format!("{plan}: your report says {says} workers, where {right} is right."), why)
}

fn begins_in_order((.., mine): &Played, (.., right): &Played, why: &str) -> Judgement {
    let wrong = mine.begun.iter().zip(&right.begun).zip(1..).find(|((mine, right), _)| mine != right);
    let Some((((mine, at), (right, right_at)), place)) = wrong else { return Ok(()) };
    if mine == right {
        return fault(format!("Request {place} was begun at {at} ms, where {right_at} ms is right."), why);
    }
    fault(format!("At {at} ms another request was begun than the one that had waited longest."), why)
}

fn equal<T: PartialEq>(mine: &T, right: &T, what: impl FnOnce() -> String, why: &str) -> Judgement {
    if mine == right { Ok(()) } else { fault(what(), why) }
}

fn refuses_the_right_ones((_, day, _, mine): &Played, (.., right): &Played, why: &str) -> Judgement {
    if mine.refused == right.refused {
        return Ok(());
    }
    let when = |log: &Log| {
        let at: Vec<_> = log.refused.iter().map(|(_, at)| at.to_string()).collect();
        match at.len() {
            0 => "nobody".to_owned(),
            count @ 1..=5 => format!("{count}, at {} ms", listed(&at)),
            count => format!("{count}, the first at {} ms", at[0]),
        }
    };
    fault(format!("Of {} requests, your answer refused {}. Right is {}.", day.len(), when(mine), when(right)), why)
}

fn words(Report { workers, answered, refused, gone }: &Report) -> String {
    format!("{workers} workers, {answered} answered, {refused} refused, {gone} gone")
}
