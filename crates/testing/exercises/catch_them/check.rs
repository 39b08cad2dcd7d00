//! The checks of `testing/catch_them`.

use std::process::ExitCode;
use std::time::Duration;

use exam::{Exam, Judgement, LaneExt, Run, fault, unless_it_panics};
use futures::StreamExt;
use futures::future::{FutureExt, join_all, try_join_all};
use futures::stream::FuturesUnordered;
use tokio::sync::{Semaphore, mpsc};
use tokio::time::{Instant, timeout, timeout_at};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::{Call, Results, Subject};

async fn right(calls: Vec<Call>, limit: Duration) -> Results {
    join_all(calls.into_iter().map(|call| timeout(limit, call)))
        .await
        .into_iter()
        .map(|result| result.ok()?.ok())
        .collect()
}

/// Also right: it starts with the last call, and one limit covers all calls.
async fn right_from_the_end(calls: Vec<Call>, limit: Duration) -> Results {
    let deadline = Instant::now() + limit;
    let mut results = vec![None; calls.len()];
    let numbered = calls.into_iter().enumerate().rev().map(|(number, call)| call.map(move |result| (number, result)));
    let mut under_way: FuturesUnordered<_> = numbered.collect();
    while let Ok(Some((number, result))) = timeout_at(deadline, under_way.next()).await {
        results[number] = result.ok();
    }
    results
}

async fn one_by_one(calls: Vec<Call>, limit: Duration) -> Results {
    let deadline = Instant::now() + limit;
    let mut results = Vec::new();
    for call in calls {
        results.push(timeout_at(deadline, call).await.ok().and_then(Result::ok));
    }
    results
}

async fn as_they_end(calls: Vec<Call>, limit: Duration) -> Results {
    let calls = calls.into_iter().map(|call| timeout(limit, call).map(|result| result.ok()?.ok()));
    calls.collect::<FuturesUnordered<_>>().collect().await
}

async fn one_failure_for_all(calls: Vec<Call>, limit: Duration) -> Results {
    let count = calls.len();
    let calls = calls.into_iter().map(|call| async move {
        match timeout(limit, call).await {
            Ok(result) => result.map(Some),
            Err(_elapsed) => Ok(None),
        }
    });
    try_join_all(calls).await.unwrap_or_else(|_error| vec![None; count])
}

async fn without_a_limit(calls: Vec<Call>, _limit: Duration) -> Results {
    join_all(calls).await.into_iter().map(Result::ok).collect()
}

/// One limit for all calls: a late call takes the results of the others with it.
async fn one_late_call_for_all(calls: Vec<Call>, limit: Duration) -> Results {
    let count = calls.len();
    let all = timeout(limit, join_all(calls)).await;
    all.map_or_else(|_elapsed| vec![None; count], |results| results.into_iter().map(Result::ok).collect())
}

async fn a_tenth_longer(calls: Vec<Call>, limit: Duration) -> Results {
    right(calls, limit * 11 / 10).await
}

async fn half_of_the_limit(calls: Vec<Call>, limit: Duration) -> Results {
    right(calls, limit / 2).await
}

/// All share one deadline, but the third call waits until one of the first two has ended.
async fn two_at_a_time(calls: Vec<Call>, limit: Duration) -> Results {
    let (deadline, two) = (Instant::now() + limit, Semaphore::new(2));
    let call = async |call: Call| {
        let _permit = two.acquire().await;
        call.await.ok()
    };
    join_all(calls.into_iter().map(|next| timeout_at(deadline, call(next)).map(|result| result.ok()?))).await
}

async fn without_the_failures(calls: Vec<Call>, limit: Duration) -> Results {
    let calls = join_all(calls.into_iter().map(|call| timeout(limit, call))).await;
    calls.into_iter().filter_map(|result| result.map_or(Some(None), |result| result.ok().map(Some))).collect()
}

async fn failures_as_texts(calls: Vec<Call>, limit: Duration) -> Results {
    let calls = join_all(calls.into_iter().map(|call| timeout(limit, call))).await;
    calls.into_iter().map(|result| Some(result.ok()?.unwrap_or_else(|error| error))).collect()
}

async fn leaves_them_running(calls: Vec<Call>, limit: Duration) -> Results {
    let deadline = Instant::now() + limit;
    let mut results = vec![None; calls.len()];
    let (sender, mut receiver) = mpsc::channel(calls.len().max(1));
    for (number, call) in calls.into_iter().enumerate() {
        let sender = sender.clone();
        tokio::spawn(async move { _ = sender.send((number, call.await)).await });
    }
    drop(sender);
    while let Ok(Some((number, result))) = timeout_at(deadline, receiver.recv()).await {
        results[number] = result.ok();
    }
    results
}

/// Whether the test passed: `None` if it panicked.
type Passed = Option<()>;
type Test = exam::Call<Subject, ()>;

async fn passes(test: &Test, subject: Subject) -> Passed {
    unless_it_panics(test(subject).lane("your test")).await
}

fn accepts(mine: &Run<Passed>, version: &str, why: &str) -> Judgement {
    match mine.output {
        Some(()) => Ok(()),
        None => fault(format!("Your test failed, although {version} is right."), why),
    }
}

fn catches(mine: &Run<Passed>, version: &str, why: &str) -> Judgement {
    match mine.output {
        None => Ok(()),
        Some(()) => fault(format!("Your test passed, although this version {version}."), why),
    }
}

fn main() -> ExitCode {
    Exam::new("testing/catch_them", async |subject| solution::test(subject).await, async |subject| answer::test(subject).await)
        .check("passes the right version", async |test| passes(&test, Subject::new(right)).await, |mine, _| {
            accepts(mine, "this version", "Look at what panicked. A test runs on one thread: while your code blocks it, no task gets a turn and the paused clock stands still.")
        })
        .check("passes a right version that starts the calls in another order", async |test| passes(&test, Subject::new(right_from_the_end)).await, |mine, _| {
            accepts(mine, "this version, which starts with the last call,", "The description promises the order of the results, and no order of starts. Assert only what is promised. And keep no state in a `static`: each run of a test must start without a past.")
        })
        .check("catches a version that makes the calls one after another", async |test| passes(&test, Subject::new(one_by_one)).await, |mine, _| {
            catches(mine, "makes the calls one after another", "Its results are the same, but they come later. Let the calls wait for each other, or measure with `tokio::time::Instant`, which is exact on the paused clock. The clock of `std` does not see virtual time. And what a spawned task asserts counts only if you await its handle.")
        })
        .check("catches a version that returns the results as they come", async |test| passes(&test, Subject::new(as_they_end)).await, |mine, _| {
            catches(mine, "returns the results in the order in which the calls end", "It returns the same results in another order. Let the first call be the slowest, give each call its own text, and compare the whole list.")
        })
        .check("catches a version that one failure stops", async |test| passes(&test, Subject::new(one_failure_for_all)).await, |mine, _| {
            catches(mine, "returns nothing at all if one call fails", "Let one call fail and another one succeed later, and compare all results.")
        })
        .check("catches a version that leaves out the failures", async |test| passes(&test, Subject::new(without_the_failures)).await, |mine, _| {
            catches(mine, "returns a shorter list: without the calls that failed", "Compare the whole list, with its `None`. `flatten` and a count of the texts skip it.")
        })
        .check("catches a version that returns a failure as a text", async |test| passes(&test, Subject::new(failures_as_texts)).await, |mine, _| {
            catches(mine, "returns the text of an error, as if the call had succeeded", "Compare the whole list. In the place of the call that failed, it must have `None`.")
        })
        .check("catches a version without a limit", async |test| passes(&test, Subject::new(without_a_limit)).await, |mine, _| {
            catches(mine, "ignores the limit", "Let a call never end. Put a longer timeout around `ask_all`. On the paused clock you do not wait for that timeout. When it comes, your test must fail.")
        })
        .if_it_never_ends("This version ignores the limit, and so your test waits for ever. A test that hangs does not name the fault, and it blocks CI. Put a timeout around `ask_all`, longer than its limit, and fail when that timeout comes.")
        .check("catches a version that leaves calls running", async |test| passes(&test, Subject::new(leaves_them_running)).await, |mine, _| {
            catches(mine, "leaves calls running when it returns", "Check immediately after `ask_all` has returned: everything that the calls own, such as a clone of an `Arc`, must be dropped. A moment later the call may have ended by itself.")
        })
        .check("catches a version that loses what came before the limit", async |test| passes(&test, Subject::new(one_late_call_for_all)).await, |mine, _| {
            catches(mine, "returns nothing at all if one call comes too late", "Let one call succeed at once beside one that never ends, and compare the whole list of results.")
        })
        .check("catches a version that takes longer than the limit", async |test| passes(&test, Subject::new(a_tenth_longer)).await, |mine, _| {
            catches(mine, "takes a tenth longer than the limit", "`ask_all` takes as long as the limit at most. Measure with `tokio::time::Instant`, which is exact on the paused clock, or let a call end shortly after the limit.")
        })
        .check("catches a version that makes only two calls at a time", async |test| passes(&test, Subject::new(two_at_a_time)).await, |mine, _| {
            catches(mine, "makes two calls at a time", "With two calls, you do not notice it. With three, the total may be the same. Let three calls wait for each other with a `Barrier`, or make many calls of nearly the same length.")
        })
        .check("catches a version that gives up too early", async |test| passes(&test, Subject::new(half_of_the_limit)).await, |mine, _| {
            catches(mine, "gives each call only half of the limit", "A call may take up to the limit. Let one end in the second half, and expect its text.")
        })
        .check("passes the right version when it has caught a fault before", async |test| passes(&test, Subject::new(right)).await, |mine, _| {
            accepts(mine, "this version", "It passed this version in the first check. So something remembers the runs in between: a counter in a `static`, or a `Mutex` there that a panic has poisoned. Then the test fails for the wrong reason. Give each run values of its own.")
        })
        .verdict()
}
