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
            let why = "A task of its own runs without a wait. To get its answer or its error, await the handle.";
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
                "When a future is dropped, what it awaits is dropped, too. \
                 An `AbortOnDropHandle` or a `JoinSet` in it then aborts its task. A task that only the runtime owns goes on.",
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
                "The caller can leave at every await, even at the first. Put all work that must not stop halfway into the task, from its first step to its last.",
            )
        },
    )
    .check(
        "passes on a failure",
        async |place| {
            let declined = Service::new("pay", Reply::err(ms(500), "is declined"));
            let full = Service::new("save", Reply::err(ms(400), "is full"));
            let first = order(Place::clone(&place), declined, saved(), PATIENT).await;
            let second = order(place, paid(), full, PATIENT).await;
            Some([first, second].map(Option::unwrap_or_default).join(", then "))
        },
        |mine, possible| {
            mine.made_the_calls_of(possible, "After a failed payment there is no receipt. Save nothing.")?;
            mine.returns_what_is_right(possible, shown, "The caller is still there. Return the failure as an `Err`, and the error itself: callers check its type. `?` keeps it.")
        },
    );
    with_rare_orders(with_an_end_of_the_program(exam)).verdict()
}

fn with_an_end_of_the_program(exam: Exam<Order, Placed>) -> Exam<Order, Placed> {
    exam.check(
        "lets the program wait for the save at its end",
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
                "The program ends when the tracker's `wait` returns, and then the runtime drops all its tasks. The tracker knows only the tasks that it has spawned.",
            )
        },
    )
    .check(
        "registers an order with the tracker before the caller leaves",
        async |place| {
            let tracker = TaskTracker::new();
            let caller = place((tracker.clone(), paid(), saved())).try_lane("the caller");
            let end = async {
                sleep(ms(200)).await;
                end_of_the_program(&tracker).await;
            };
            // The program ends when `wait` returns, even if a caller still waits.
            select! {
                () = end => None,
                () = async { drop(caller.await); pending().await } => None,
            }
        },
        |mine, possible| {
            made_and_finished(
                mine,
                possible,
                "The program ended while a caller still waited for its order. \
                 The tracker must know the order from its start. If the tracker learns of it only when the caller leaves, `wait` returns too early.",
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
                // The caller may get its answer a moment later.
                sleep(ms(1)).await;
            };
            let placed = select! {
                biased;
                placed = caller => Some(words(placed)),
                () = end => None,
            };
            let _ = other.await;
            // Then all orders have ended, and one more comes.
            let _late = place((tracker.clone(), paid_by("late pay"), saved_by("late save"))).await;
            let open = timeout(ms(1_000), tracker.wait()).await.is_err();
            if open { Some("the number of the order, and `wait` never ended".to_owned()) } else { placed }
        },
        |mine, possible| {
            const WHY: &str = "A closed tracker still spawns, and its `wait` also waits for that task. \
                               `close` only means that `wait` may return, and `reopen` undoes it. The main program calls these, not your function.";
            made_and_finished(mine, possible, WHY)?;
            mine.returns_what_is_right(possible, shown, WHY)
        },
    )
    .sleeps_while_nothing_comes(|| (TaskTracker::new(), paid(), saved()))
    .check(
        "does not close the tracker or wait for it",
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
            mine.returns_what_is_right(possible, shown, "Each caller gets the number of its own order, and the program goes on. Do not close the tracker.")
        },
    )
}

fn with_rare_orders(exam: Exam<Order, Placed>) -> Exam<Order, Placed> {
    exam.check(
        "sets no time limit",
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
                "Each step takes 26 minutes here. The task asks for no time limit. An order that stops halfway is paid but not saved.",
            )?;
            mine.returns_what_is_right(
                possible,
                shown,
                "Each step takes 26 minutes here, and the order was saved. Its caller would have waited for the answer, and the task asks for no time limit.",
            )
        },
    )
    .check(
        "passes on that a call panicked",
        async |place| {
            // Both would answer a second call.
            let pay = Service::new("pay", Reply::panics(ms(400), "tears the card")).then(Reply::ok(ms(500), "receipt 7"));
            let paid_then = unless_it_panics(place((TaskTracker::new(), pay, saved()))).await;
            let full = Service::new("save", Reply::panics(ms(400), "has no more numbers")).then(Reply::ok(ms(400), "order 7"));
            let saved_then = unless_it_panics(place((TaskTracker::new(), paid(), full))).await;
            [paid_then, saved_then].into_iter().flatten().find(Result::is_ok)
        },
        |mine, _| mine.hides_no_panic(|placed| Some(format!("the number `{}`", placed.as_ref().ok()?))),
    )
    .check(
        "passes on each answer unchanged",
        async |place| {
            let says = |name, text| Service::new(name, Reply::ok(ms(500), text));
            let empty = order(Place::clone(&place), says("pay", ""), says("save", ""), PATIENT).await;
            let blanks = order(place, says("pay", " receipt 7 "), says("save", " order 7 "), PATIENT).await;
            Some([empty, blanks].map(Option::unwrap_or_default).join(", then "))
        },
        |mine, possible| {
            const WHY: &str = "The payment returned `Ok`. Pass its text to the save unchanged, with its blanks, even if it is empty. \
                Return the save's answer to the caller unchanged. The `Result` tells whether a call failed, and not the text.";
            made_and_finished(mine, possible, WHY)?;
            mine.returns_what_is_right(possible, shown, WHY)
        },
    )
}
