//! What the checks of `cancellation/save_survives` play.

use std::error::Error;
use std::time::Duration;

use exam::{Call, Failure, Judgement, LaneExt, Outcome, Reply, Run, Service, fault, ms, seconds};
use tokio::time::{sleep, timeout};
use tokio_util::task::TaskTracker;

pub(super) type Placed = Result<String, Box<dyn Error + Send + Sync>>;
pub(super) type Order = (TaskTracker, Service, Service);
pub(super) type Place = Call<Order, Placed>;

/// What came back, in words, or `None` if the caller gave up.
type Words = Option<String>;

pub(super) const PATIENT: Duration = Duration::from_mins(55);

pub(super) fn paid() -> Service {
    paid_by("pay")
}

pub(super) fn saved() -> Service {
    saved_by("save")
}

pub(super) fn paid_by(name: &str) -> Service {
    Service::new(name, Reply::ok(ms(500), "receipt 7"))
}

pub(super) fn saved_by(name: &str) -> Service {
    Service::new(name, Reply::ok(ms(400), "order 7"))
}

/// Places an order, and gives up after this time. Then the rest of the program goes on for a while.
pub(super) async fn order(place: Place, pay: Service, save: Service, patience: Duration) -> Words {
    let answer = timeout(patience, place((TaskTracker::new(), pay, save)).try_lane("the caller")).await.ok();
    if answer.is_none() {
        sleep(Duration::from_secs(1)).lane("the program goes on").await;
    }
    answer.map(words)
}

pub(super) fn words(placed: Placed) -> String {
    match placed {
        Ok(number) => format!("`{number}`"),
        Err(error) if error.is::<Failure>() => format!("the error `{error}`"),
        Err(error) => format!("an error of another type, `{error}`"),
    }
}

pub(super) async fn end_of_the_program(tracker: &TaskTracker) {
    tracker.close();
    tracker.wait().lane("the end waits").await;
}

/// Every call of the possible run was made and ended.
pub(super) fn made_and_finished(mine: &Run<Words>, possible: &Run<Words>, why: &str) -> Judgement {
    for best in possible.calls("").filter(|lane| !lane.name.starts_with("the ")) {
        let call = mine.recording.lane(&best.name);
        match call.and_then(|call| call.outcome) {
            Some(Outcome::Finished) => {}
            Some(Outcome::Cancelled) => {
                let at = seconds(call.and_then(|call| call.closed).unwrap_or(0));
                return fault(format!("`{}` was cancelled halfway, at {at}.", best.name), why);
            }
            None if call.is_some_and(|call| call.started().is_some()) => {
                return fault(
                    format!("The program ended at {}, and `{}` was still under way.", seconds(mine.took()), best.name),
                    why,
                );
            }
            _ => return fault(format!("`{}` was never made.", best.name.trim_end()), why),
        }
    }
    mine.made_the_calls_of(possible, why)
}

/// A fault, if the quick order had to wait for the slow one.
pub(super) fn hears_of_it_at_once(mine: &Run<Words>, possible: &Run<Words>) -> Judgement {
    let end = |run: &Run<Words>, lane| run.recording.lane(lane).and_then(|lane| lane.closed).unwrap_or(0);
    let [saved, heard, slow] = ["save receipt 7", "your order", "slow save receipt 8"].map(|lane| end(mine, lane));
    if heard <= end(possible, "your order") {
        return Ok(());
    }
    let why = if saved > end(possible, "save receipt 7") {
        "Orders must not wait for each other. What do your orders share?"
    } else if heard >= slow {
        "`tracker.wait()` waits for all tasks of the tracker. Only the main program needs that, at its end. For one task, await its handle."
    } else {
        "What does your answer wait for after the save? The handle of a task is ready when the task has ended."
    };
    fault(
        format!(
            "Two orders were placed at once. The quick one was saved after {} ms, and its caller got the answer after {} ms.",
            saved / 1_000,
            heard / 1_000
        ),
        why,
    )
}

pub(super) fn shown(words: &Words) -> String {
    words.clone().unwrap_or_else(|| "nothing".to_owned())
}
