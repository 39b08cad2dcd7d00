//! The checks of `cancellation/save_survives`.

use std::future::pending;
use std::process::ExitCode;
use std::time::Duration;

use exam::{Exam, LaneExt, Reply, Service, ms, unless_it_panics};
use tokio::task::yield_now;
use tokio::time::{sleep, timeout};
use tokio::{join, select};
use tokio_util::task::TaskTracker;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use scenes::{
    Order, PATIENT, Place, Placed, end_of_the_program, hears_of_it_at_once, made_and_finished, order, paid, paid_by,
    saved, saved_by, shown, words,
};

fn main() -> ExitCode {
    let exam = Exam::new(
        "cancellation/save_survives",
        async |(tracker, pay, save)| solution::place_order(tracker, pay, save).await,
        async |(tracker, pay, save)| answer::place_order(tracker, pay, save).await,
    )
    .check(
        "waits for the save, and returns its answer",
        async |place| order(place, paid(), saved(), PATIENT).await,
        |mine, possible| {
            let why = "A task of its own is not waited for by itself: who wants its answer, or its error, awaits the handle.";
            made_and_finished(mine, possible, why)?;
            mine.returns_what_is_right(possible, shown, why)
        },
    )
    .check(
        "goes on when the caller gives up during the save",
        async |place| order(place, paid(), saved(), ms(700)).await,
        |mine, possible| {
            made_and_finished(
                mine,
                possible,
                "What a future awaits is dropped with it, and what aborts its task when it is dropped (`AbortOnDropHandle`, `JoinSet`) is dropped with it too. \
                 A task that the runtime owns goes on.",
            )
        },
    )
    .check(
        "goes on when the caller gives up during the payment",
        async |place| {
            let some_turns = async {
                for _ in 0..5 {
                    yield_now().await;
                }
            };
            select! {
                biased;
                _ = place((TaskTracker::new(), paid_by("first pay"), saved_by("first save"))) => {}
                () = some_turns => sleep(Duration::from_secs(1)).lane("the program goes on").await,
            }
            order(place, paid(), saved(), ms(200)).await
        },
        |mine, possible| {
            made_and_finished(
                mine,
                possible,
                "The caller can leave at every await, also at the first: whatever must not stop halfway belongs into the task, from its first step to its last.",
            )
        },
    )
    .check(
        "passes a failure on",
        async |place| {
            let declined = Service::new("pay", Reply::err(ms(500), "is declined"));
            let full = Service::new("save", Reply::err(ms(400), "is full"));
            let first = order(Place::clone(&place), declined, saved(), PATIENT).await;
            let second = order(place, paid(), full, PATIENT).await;
            Some([first, second].map(Option::unwrap_or_default).join(", then "))
        },
        |mine, possible| {
            mine.made_the_calls_of(possible, "There is no receipt to be saved after a failed payment.")?;
            mine.returns_what_is_right(possible, shown, "The caller is still there: a failure in the task is to reach them as an `Err`.")
        },
    );
    with_rare_orders(with_an_end_of_the_program(exam)).verdict()
}

fn with_an_end_of_the_program(exam: Exam<Order, Placed>) -> Exam<Order, Placed> {
    exam.check(
        "lets the end of the program wait for the save",
        async |place| {
            let tracker = TaskTracker::new();
            let _ = timeout(ms(200), place((tracker.clone(), paid(), saved())).try_lane("the caller")).await;
            end_of_the_program(&tracker).await;
            None
        },
        |mine, possible| {
            made_and_finished(
                mine,
                possible,
                "The program ends when the tracker says that every order is over, and then the runtime is dropped with all its tasks. The tracker knows what it has spawned.",
            )
        },
    )
    .check(
        "tells the tracker of an order before its caller leaves",
        async |place| {
            let tracker = TaskTracker::new();
            let caller = place((tracker.clone(), paid(), saved())).try_lane("the caller");
            let end = async {
                sleep(ms(200)).await;
                end_of_the_program(&tracker).await;
            };
            // The program is over when the end says so, whoever waits.
            select! {
                () = end => None,
                () = async { drop(caller.await); pending().await } => None,
            }
        },
        |mine, possible| {
            made_and_finished(
                mine,
                possible,
                "The program ended while a caller still waited for their order. The tracker has to know of it from its beginning: \
                 what only learns of it when the caller leaves says too early that all is over.",
            )
        },
    )
    .check(
        "places an order that comes after the `close`",
        async |place| {
            let tracker = TaskTracker::new();
            tracker.close();
            let other = tracker.spawn(sleep(ms(700)).lane("the order before"));
            let caller = place((tracker.clone(), paid(), saved())).try_lane("the caller");
            let end = async {
                tracker.wait().lane("the end waits").await;
                // The caller may hear of their order a moment later.
                sleep(ms(1)).await;
            };
            let placed = select! {
                biased;
                placed = caller => Some(words(placed)),
                () = end => None,
            };
            let _ = other.await;
            // Then all is over, and one more comes.
            let _late = place((tracker.clone(), paid_by("late pay"), saved_by("late save"))).await;
            let open = timeout(ms(1_000), tracker.wait()).await.is_err();
            if open { Some("the number of the order, and `wait` never ended".to_owned()) } else { placed }
        },
        |mine, possible| {
            const WHY: &str = "A closed tracker still spawns, and its `wait` also waits for that task. `close` only says that somebody will wait, \
                               and `reopen` takes that back: leave both to whoever ends the program.";
            made_and_finished(mine, possible, WHY)?;
            mine.returns_what_is_right(possible, shown, WHY)
        },
    )
    .sleeps_while_nothing_comes(|| (TaskTracker::new(), paid(), saved()))
    .check(
        "leaves the tracker to whoever ends the program",
        async |place| {
            let tracker = TaskTracker::new();
            let slow = Service::new("slow save", Reply::ok(ms(3_000), "order 8"));
            let others = place((tracker.clone(), Service::new("slow pay", Reply::ok(ms(600), "receipt 8")), slow));
            let mine = place((tracker.clone(), paid(), saved()));
            let number = join!(others, mine.try_lane("your order")).1.ok();
            if tracker.is_closed() { Some("the number of the order, from a closed tracker".to_owned()) } else { number }
        },
        |mine, possible| {
            hears_of_it_at_once(mine, possible)?;
            mine.returns_what_is_right(possible, shown, "Each caller gets the number of their own order, and the program goes on: nobody has closed the tracker.")
        },
    )
}

fn with_rare_orders(exam: Exam<Order, Placed>) -> Exam<Order, Placed> {
    exam.check(
        "takes as long as the payment and the save take",
        async |place| {
            let slow = |name, text| Service::new(name, Reply::ok(Duration::from_mins(26), text));
            let tracker = TaskTracker::new();
            let number = place((tracker.clone(), slow("pay", "receipt 7"), slow("save", "order 7"))).try_lane("the caller").await;
            tracker.close();
            tracker.wait().lane("the program goes on").await;
            Some(words(number))
        },
        |mine, possible| {
            made_and_finished(
                mine,
                possible,
                "Each step takes 26 minutes here. The task asks for no time limit: an order that stops halfway is paid and not saved.",
            )?;
            mine.returns_what_is_right(
                possible,
                shown,
                "Each step takes 26 minutes here, and the order was saved. Its caller would have waited for the answer, and nobody asked for a time limit.",
            )
        },
    )
    .check(
        "passes on that a call panicked",
        async |place| {
            // Either would answer if it were asked again.
            let pay = Service::new("pay", Reply::panics(ms(400), "tears the card")).then(Reply::ok(ms(500), "receipt 7"));
            let paid_then = unless_it_panics(place((TaskTracker::new(), pay, saved()))).await;
            let full = Service::new("save", Reply::panics(ms(400), "has no more numbers")).then(Reply::ok(ms(400), "order 7"));
            let saved_then = unless_it_panics(place((TaskTracker::new(), paid(), full))).await;
            [paid_then, saved_then].into_iter().flatten().find(Result::is_ok)
        },
        |mine, _| mine.hides_no_panic(|placed| Some(format!("the number `{}`", placed.as_ref().ok()?))),
    )
    .check(
        "hands on what was answered as it is",
        async |place| {
            let says = |name, text| Service::new(name, Reply::ok(ms(500), text));
            let empty = order(Place::clone(&place), says("pay", ""), says("save", ""), PATIENT).await;
            let blanks = order(place, says("pay", " receipt 7 "), says("save", " order 7 "), PATIENT).await;
            Some([empty, blanks].map(Option::unwrap_or_default).join(", then "))
        },
        |mine, possible| {
            const WHY: &str = "The payment has answered, and it was an `Ok`: what stands in it is for the save, also an empty text, with its blanks. \
                And what the save answers is for the caller. Whether something failed says the `Result`, and not the text.";
            made_and_finished(mine, possible, WHY)?;
            mine.returns_what_is_right(possible, shown, WHY)
        },
    )
}
