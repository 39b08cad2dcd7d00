//! The checks of `capacity/enough`.

use std::process::ExitCode;
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use exam::{Exam, Judgement, Run, fault, listed};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use given::{Arrivals, Log, Plan, Report};
use scenes::{Day, Input, Played, day, full, impatient, input, plan, rush};

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
            let nanos = Plan { takes: Duration::from_nanos(333_334), ..plan(3_000, 1, 100, 900) };
            vec![
                rush(plan(30, 50, 100, 900), 9),
                rush(plan(100, 41, 100, 900), 30),
                rush(plan(3, 5, 100, 900), 4),
                rush(short, 9),
                rush(nanos, 9),
            ]
        },
        "Requests a second, times the seconds that each takes, is the average number of busy workers (Little's law). \
            With fewer workers, the queue grows without end. So round up, and only at the end. Check the units.",
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
        "If a worker may be busy for at most 80 % of its time, divide by 0.8. \
            Requests do not come evenly: if a worker has no free time, its queue only grows.",
        has_the_workers,
    );
    let exam = check(
        exam,
        "has not one worker too many",
        || {
            let nanos = Plan { takes: Duration::from_nanos(333_333), ..plan(3_000, 1, 100, 900) };
            vec![
                rush(plan(100, 70, 70, 900), 30),
                rush(plan(50, 70, 100, 900), 30),
                rush(plan(100, 70, 100, 900), 30),
                rush(nanos, 9),
            ]
        },
        "As a float, 100 * 0.07 is a little above 7, so `ceil` makes 8 of it. Multiply whole numbers, and round up with `div_ceil`.",
        has_the_workers,
    );
    with_a_queue(exam).verdict()
}

fn with_a_queue(exam: Exam<Input, Report>) -> Exam<Input, Report> {
    let exam = check(
        exam,
        "refuses a request that would wait too long",
        || {
            let odd = Plan { longest_wait: Duration::from_micros(62_500), ..plan(50, 25, 100, 0) };
            // Both in nanoseconds.
            let exact = |takes, longest_wait| {
                let [takes, longest_wait] = [takes, longest_wait].map(Duration::from_nanos);
                rush(Plan { takes, longest_wait, ..plan(3_000, 1, 100, 0) }, 12)
            };
            vec![
                rush(plan(100, 40, 80, 64), 40),
                rush(plan(50, 40, 90, 130), 160),
                // As a float, 0.3 / 0.1 is a little below 3.
                rush(plan(10, 100, 100, 300), 9),
                rush(odd, 12),
                exact(333_334, 1_000_000),
                exact(333_333, 1_000_000),
                exact(333_334, 666_668),
            ]
        },
        "The number of places in the queue is: workers × longest wait ÷ time of a request, rounded down. \
            When the queue is full, a new client immediately learns that there is no room, and can go elsewhere.",
        refuses_the_right_ones,
    );
    let exam = check(
        exam,
        "refuses no request while there is room",
        || {
            vec![
                rush(plan(100, 40, 80, 64), 13),
                rush(plan(100, 40, 80, 0), 5),
                day(plan(20, 40, 80, 0), &[(0, 41), (10, 42), (60, 43)]),
                day(plan(2_400, 100, 80, 450), &[(0, 101); 1_660]),
                day(plan(50, 40, 100, 20), &[(0, 41), (0, 45), (0, 42), (60, 45), (60, 47), (60, 44)]),
            ]
        },
        "There is room for one request for each worker, and for the waiting ones. \
            A bounded channel does not know about idle workers: requests of the same instant find it full, although workers are idle.",
        refuses_the_right_ones,
    );
    let exam = check(
        exam,
        "starts the requests in their order",
        || vec![rush(plan(100, 40, 80, 300), 30)],
        "Start the request that has waited longest. Otherwise some requests wait for ever, and others do not wait at all.",
        begins_in_order,
    );
    let exam = check(
        exam,
        "finishes what it has accepted",
        || vec![rush(plan(100, 40, 80, 64), 13), day(plan(10, 90, 90, 900), &[(0, 3_000_001), (10, 41), (20, 42)])],
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
        "does no work for clients that have left",
        || vec![impatient(), full()],
        "No client reads that answer, and later clients wait for the worker. \
            Check `is_gone()` when a worker takes the request, not earlier. Until then the request keeps its place in the queue.",
        |mine, possible, why| {
            let (count, right) = (mine.3.begun.len(), possible.3.begun.len());
            equal(&count, &right, || format!("Your workers started {count} requests, where {right} is right."), why)?;
            refuses_the_right_ones(mine, possible, why)?;
            begins_in_order(mine, possible, why)
        },
    );
    let exam = check(
        exam,
        "counts answers, refusals, and clients that gave up",
        || vec![impatient(), rush(plan(100, 40, 80, 64), 40)],
        "An answer counts if its client was still there to get it: see the result of `work()`. A client may also give up while you work.",
        |mine, possible, why| {
            let (mine, right) = (&mine.2, &possible.2);
            equal(mine, right, || format!("Your report is {}. Right is {}.", words(mine), words(right)), why)
        },
    );
    exam.sleeps_while_nothing_comes(|| input(day(plan(20, 40, 80, 64), &[(0, 901), (10, 42), (2_000, 43)])))
        .stops_with_its_caller(
            [(20, || input(rush(plan(100, 40, 80, 64), 13))), (60, || input(rush(plan(100, 40, 80, 64), 13)))],
            "A task without an owner keeps running. A `JoinSet` aborts its tasks when it is dropped.",
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
        return fault(format!("Your answer started request {place} at {at} ms, where {right_at} ms is right."), why);
    }
    fault(format!("At {at} ms your answer started another request than the one that had waited longest."), why)
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
            0 => "no request".to_owned(),
            count @ 1..=5 => format!("{count}, at {} ms", listed(&at)),
            count => format!("{count}, the first at {} ms", at[0]),
        }
    };
    fault(format!("Of {} requests, your answer refused {}. Right is {}.", day.len(), when(mine), when(right)), why)
}

fn words(Report { workers, answered, refused, gone }: &Report) -> String {
    format!("{workers} workers, {answered} answered, {refused} refused, {gone} gone")
}
