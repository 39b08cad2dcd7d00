//! The checks of `circuit-breaker/one_probe`.

use std::process::ExitCode;
use std::rc::Rc;

use exam::{Call, Exam, Judgement, LaneExt, Reply, Run, Service, fault, ms, unless_it_panics};
use futures::future::{LocalBoxFuture, join_all};
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub, clippy::new_without_default)]
mod solution;

use given::{Answer, Failed};

/// A breaker: the reader's or the solution's.
type Breaks = Rc<dyn Fn(LocalBoxFuture<'static, Answer>) -> LocalBoxFuture<'static, Answer>>;
type Make = Call<(), Breaks>;

fn breaks(call: impl Fn(LocalBoxFuture<'static, Answer>) -> LocalBoxFuture<'static, Answer> + 'static) -> Breaks {
    Rc::new(call)
}

/// Tasks on several threads call the backend.
fn shared_by_threads<T: Send + Sync>(breaker: T) -> T {
    breaker
}

macro_rules! breaker_of {
    ($author:ident) => {
        async |()| {
            let breaker = Rc::new(shared_by_threads($author::Breaker::new()));
            breaks(move |work| {
                let breaker = Rc::clone(&breaker);
                Box::pin(async move { breaker.call(work).await })
            })
        }
    };
}

/// A caller: when it comes, what it asks for, and how long it waits, in milliseconds.
type Caller = (u64, &'static str, u64);

/// What each caller got, if it did not leave.
type Outcomes = Vec<(Caller, Option<Answer>)>;

const LONG: u64 = 3_400_000;

/// A caller that comes at this time.
const fn at(at: u64, page: &'static str) -> Caller {
    (at, page, LONG)
}

/// They open the circuit at 400 ms.
const OPENS: [Caller; 3] = [at(0, "down"), at(150, "down"), at(300, "down")];

fn main() -> ExitCode {
    let exam = Exam::new("circuit-breaker/one_probe", breaker_of!(solution), breaker_of!(answer))
        .check(
            "returns the backend's answer",
            async |make| play(&make, &[at(0, "up"), at(100, "bad"), at(200, "down"), at(400, "up")]).await,
            |mine, possible| right(mine, possible, "`Refused` means that you did not ask the backend. If you asked it, return its answer to the caller."),
        )
        .check(
            "allows calls at the same time",
            async |make| {
                let first = [at(0, "slow up"), at(10, "slow bad"), at(20, "up"), at(30, "slow up")];
                play(&make, &[first.to_vec(), vec![at(40, "slow up"); 1_100]].concat()).await
            },
            |mine, possible| {
                const WHY: &str = "If you hold a lock while you await, only one call at a time can run. Lock to decide, unlock, await, and lock again for the result.";
                mine.calls_as_quick_as(possible, "get", WHY)?;
                right(mine, possible, WHY)
            },
        )
        .if_it_never_ends("If you hold a lock while you await, only one call at a time can run.")
        .check(
            "refuses callers without asking the backend after three failures in a row",
            async |make| {
                let slowly = [at(0, "down"), at(200, "50 min down"), at(3_000_300, "down"), at(3_000_450, "up")];
                let quickly = play(&make, &[OPENS.as_slice(), &[at(405, "up"), at(600, "bad"), at(890, "down")]].concat()).await;
                [quickly, play(&make, &slowly).await].concat()
            },
            |mine, possible| right(mine, possible, "After the third `Down` in a row, the circuit is open for 500 ms, however long the calls took. Check the state before you poll the future."),
        )
        .check(
            "starts a new row after a success",
            async |make| play(&make, &[at(0, "down"), at(150, "down"), at(300, "up"), at(400, "down"), at(550, "down"), at(700, "up")]).await,
            |mine, possible| right(mine, possible, "Two failures, a page, and two failures are not three in a row. A backend that fails once a day is not down."),
        )
        .check(
            "counts a bad request as an answer",
            async |make| {
                let bad = [at(0, "bad"), at(50, "bad"), at(100, "bad"), at(150, "up")];
                let between = [at(250, "down"), at(400, "down"), at(550, "bad"), at(600, "down"), at(750, "down"), at(900, "up")];
                play(&make, &[bad.as_slice(), &between].concat()).await
            },
            |mine, possible| right(mine, possible, "If the backend can reject a request, it is up. So treat a `BadRequest` like a page."),
        );
    after_the_pause(exam).verdict()
}

fn after_the_pause(exam: Exam<(), Breaks>) -> Exam<(), Breaks> {
    exam.check(
        "closes the circuit after a probe that succeeds",
        async |make| {
            let late = [at(450, "up"), at(700, "up"), at(890, "up"), at(905, "up")];
            let another_row = [at(960, "down"), at(1_070, "down"), at(1_180, "up"), at(1_190, "up")];
            let at_once = [at(1_410, "down"), at(1_411, "down"), at(1_412, "down"), at(1_520, "up"), at(2_020, "bad"), at(2_060, "up"), at(2_061, "up")];
            play(&make, &[OPENS.as_slice(), &late, &another_row, &at_once].concat()).await
        },
        |mine, possible| right(mine, possible, "The circuit opened at 400 ms. At 900 ms the pause is over, even if you refused callers in between. The next caller is the probe. After its answer, the circuit is closed as at the start. Take the time from `tokio::time::Instant`."),
    )
    .check(
        "lets one probe through",
        async |make| {
            let herd = [at(905, "slow up"); 5];
            play(&make, &[OPENS.as_slice(), &herd, &[at(950, "up"), at(1_100, "bad"), at(1_195, "up"), at(1_210, "up"), at(1_211, "up")]].concat()).await
        },
        |mine, possible| right(mine, possible, "After the pause, many callers come at the same time. Only the first is the probe. Store that before you await, and refuse the others until the probe has ended."),
    )
    .check(
        "opens the circuit again when the probe fails",
        async |make| {
            let again = [at(905, "down"), at(1_010, "up"), at(1_400, "up"), at(1_500, "up")];
            let twice = play(&make, &[OPENS.as_slice(), &again, &[at(1_510, "down"), at(1_620, "up"), at(2_115, "up"), at(2_170, "up")]].concat()).await;
            // Each of these is a probe, and the last one succeeds.
            let often: Vec<_> = (0..50).map(|number| at(905 + 610 * number, if number < 49 { "down" } else { "up" })).collect();
            [twice, play(&make, &[OPENS.as_slice(), &often].concat()).await].concat()
        },
        |mine, possible| right(mine, possible, "One `Down` of the probe is enough. The next 500 ms start when the probe has failed, however often that happens."),
    )
    .check(
        "ignores a dropped call",
        async |make| {
            let no_failure = [(0, "slow up", 20), (50, "slow down", 20), (100, "slow up", 20), at(150, "up")];
            let no_success = [at(250, "down"), at(360, "down"), (470, "slow up", 20), at(500, "down"), at(610, "up")];
            let dropped = play(&make, &[no_failure.as_slice(), &no_success].concat()).await;
            let panicked = [at(0, "down"), at(110, "down"), at(220, "broken"), at(260, "down"), at(370, "up")];
            [dropped, play(&make, &panicked).await].concat()
        },
        |mine, possible| right(mine, possible, "The caller has left, or the call has panicked. That tells you nothing about the backend. Such a call is not a failure, and it does not end a row."),
    )
    .check(
        "gives the place of a dropped probe to the next caller",
        async |make| {
            let leaves = [(905, "slow up", 40), at(930, "up"), (950, "slow down", 50), at(990, "up"), at(1_010, "slow up"), at(1_100, "up")];
            let panics = [at(1_400, "down"), at(1_401, "down"), at(1_402, "down"), at(2_005, "broken"), at(2_040, "up"), at(2_095, "up")];
            play(&make, &[OPENS.as_slice(), &leaves, &[at(1_320, "up"), at(1_330, "up")], &panics].concat()).await
        },
        |mine, possible| right(mine, possible, "The caller of the probe left, or the probe panicked. The code after its `.await` never runs, but its values are dropped. Let a guard free the place in its `Drop`. The next caller is the probe, without another pause."),
    )
    .check(
        "ignores results of calls that started before the circuit changed",
        async |make| {
            let while_open = [at(1, "600 ms down"), at(2, "600 ms up"), at(8, "600 ms bad"), (9, "1 s up", 600)];
            let while_the_first_probes = [at(3, "1 s up"), at(4, "1 s down"), at(10, "1 s bad"), (5, "1 s up", 995)];
            let while_the_second_probes = [at(6, "1.8 s down")];
            let when_it_is_closed = [at(7, "2.1 s down"); 3];
            let in_its_row = [at(11, "2.4 s up"), at(12, "2.4 s bad")];
            let probes = [at(650, "up"), at(905, "slow down"), at(1_010, "up"), at(1_250, "up"), at(1_710, "slow up"), at(1_810, "up")];
            let closed = [at(2_020, "up"), at(2_021, "up"), at(2_120, "up"), at(2_130, "up")];
            let row = [at(2_190, "down"), at(2_300, "down"), at(2_420, "down"), at(2_530, "up")];
            let old = [while_open.as_slice(), &while_the_first_probes, &while_the_second_probes, &when_it_is_closed, &in_its_row].concat();
            let many = play(&make, &[old.as_slice(), &OPENS, &probes, &closed, &row].concat()).await;
            // An old failure between two of a new row.
            let between = [at(1, "2.4 s down"), at(1_710, "up"), at(2_250, "down"), at(2_450, "down"), at(2_600, "up")];
            [many, play(&make, &[OPENS.as_slice(), &between].concat()).await].concat()
        },
        |mine, possible| right(mine, possible, "A call that started before the circuit opened tells only about the backend at that time. It is not the probe. Count the changes of the state, and let each call remember the count at its start."),
    )
}

/// Plays these callers with a new breaker.
async fn play(make: &Make, callers: &[Caller]) -> Outcomes {
    let backend = Service::new("get", Reply::ok(ms(50), "a page"))
        .on("bad", Reply::err(ms(30), "has no such page"))
        .on("down", Reply::err(ms(100), "is down"))
        .on("slow up", Reply::ok(ms(300), "a page"))
        .on("slow bad", Reply::err(ms(300), "has no such page"))
        .on("slow down", Reply::err(ms(300), "is down"))
        .on("broken", Reply::panics(ms(30), "is broken"))
        .on("50 min down", Reply::err(ms(3_000_000), "is down"))
        .on("2.4 s down", Reply::err(ms(2_400), "is down"))
        .on("600 ms bad", Reply::err(ms(600), "has no such page"))
        .on("1 s bad", Reply::err(ms(1_000), "has no such page"))
        .on("2.4 s up", Reply::ok(ms(2_400), "a page"))
        .on("2.4 s bad", Reply::err(ms(2_400), "has no such page"))
        .on("600 ms up", Reply::ok(ms(600), "a page"))
        .on("600 ms down", Reply::err(ms(600), "is down"))
        .on("1 s up", Reply::ok(ms(1_000), "a page"))
        .on("1 s down", Reply::err(ms(1_000), "is down"))
        .on("1.8 s down", Reply::err(ms(1_800), "is down"))
        .on("2.1 s down", Reply::err(ms(2_100), "is down"));
    let breaker = make(()).await;
    let callers = callers.iter().map(|&(at, page, patience)| {
        let (backend, breaker) = (backend.clone(), Rc::clone(&breaker));
        async move {
            sleep(ms(at)).await;
            let work = async move {
                let failed = if page.ends_with("bad") { Failed::BadRequest } else { Failed::Down };
                backend.call(page).await.map_err(failed)
            };
            let call = breaker(Box::pin(work)).try_lane(format!("caller at {at} ms"));
            ((at, page, patience), timeout(ms(patience), unless_it_panics(call)).await.ok().flatten())
        }
    });
    join_all(callers).await
}

/// Compares what each caller got, in the order in which they come, and the calls of the backend.
fn right(mine: &Run<Outcomes>, possible: &Run<Outcomes>, why: &str) -> Judgement {
    for ((caller, got), (_, right)) in mine.output.iter().zip(&possible.output) {
        if got != right {
            let (got, right) = (words(got.as_ref()), words(right.as_ref()));
            return fault(
                format!(
                    "The caller at {} ms asked for `{}` and got {got}, where {right} is right.",
                    caller.0, caller.1
                ),
                why,
            );
        }
    }
    mine.made_the_calls_of(possible, why)?;
    mine.calls_as_quick_as(possible, "get", why)?;
    mine.leaves_nothing_running(why)
}

fn words(outcome: Option<&Answer>) -> &str {
    match outcome {
        Some(Ok(page)) => page,
        Some(Err(Failed::Down(_))) => "`Down`",
        Some(Err(Failed::BadRequest(_))) => "`BadRequest`",
        Some(Err(Failed::Refused)) => "`Refused`",
        None => "no answer before it left",
    }
}
