//! The checks of `observability/lag`.

use std::process::ExitCode;
use std::time::Duration;

use exam::{Exam, Judgement, LaneExt, Run, fault, ms};
use futures::FutureExt;
use tokio::time::{advance, sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::{Program, Seen};

/// A program, the time between two looks, and the limit above which a look counts as late.
type Input = (Program, Duration, Duration);
type Watch = exam::Call<Input, (u32, Seen)>;
type Watched = (u32, Seen);

/// What a program does: it waits for this many milliseconds, and then keeps the thread for this many microseconds.
type Script = &'static [(u64, u64)];

const CALM: Script = &[(35, 0), (60, 0)];
const ONE: Script = &[(25, 60_000), (70, 0)];
const RARE: Script = &[(4_025, 60_400), (3_400, 40_000), (2_900, 0)];
const MANY: Script = &[(25, 60_000), (31, 7_000), (103, 5_212_000), (63, 0)];
const AT_THE_END: Script = &[(25, 0), (40, 116_500)];
const FROM_THE_START: Script = &[(0, 41_000), (30, 0)];
const AT_ONCE: Script = &[(0, 25_000)];
const UNEVEN: Script = &[(24, 20_000), (70, 0)];
/// The looks are due each 9.5003 ms. Two looks are late by less than 1 ms, as timers are, and those at its end by 37.7491, 28.2488, 18.7485 and 9.2482 ms.
const FRACTIONS: Script = &[(25, 41_250)];
const LONG: Script = &[(20_013, 0)];
const HALF_AN_HOUR: Script = &[(1_800_013, 0)];

const LOOK: u64 = 10;
const FINE: Duration = Duration::from_nanos(9_500_300);

fn main() -> ExitCode {
    Exam::new(
        "observability/lag",
        async |(program, every, limit): Input| solution::watch(program, every, limit).await,
        async |(program, every, limit): Input| answer::watch(program, every, limit).await,
    )
    .check("returns as soon as the program ends", async |watch| watched(&watch, CALM, 1_000, 20).await, |mine, possible| {
        mine.returns_in_time(possible, "watch", "The program has ended, so there is nothing left to watch. Do not wait for the next look.")?;
        let words = |(output, _): &Watched| format!("{output}");
        if mine.output.0 != possible.output.0 {
            return fault(format!("Your answer returned {}, and the program {}.", words(&mine.output), words(&possible.output)), "Return what the program returns.");
        }
        Ok(())
    })
    .if_it_never_ends("A monitor loops for ever. If you await it, you wait for ever. The end of the program must end the watch.")
    .check("sees no lag where nothing is late", async |watch| watched(&watch, CALM, LOOK, 0).await, |mine, _| {
        const WHY: &str = "The time between two looks is not lag. A look is late by the time since it was due.";
        match mine.output.1 {
            Seen { worst: Duration::ZERO, late: 0, .. } => Ok(()),
            seen => fault(format!("No look was late. Your answer saw {}.", words(seen)), WHY),
        }
    })
    .check("sees that a program keeps the thread", async |watch| watched(&watch, ONE, LOOK, 100).await, |mine, possible| {
        const WHY: &str = "A task can block at any moment, also while the monitor sleeps. Use Tokio's clock to see how long after its due time the monitor gets its turn.";
        if mine.output.1.worst.is_zero() {
            return fault(format!("The program kept the thread for 60 ms. Your answer saw {}, where {} is right.", words(mine.output.1), words(possible.output.1)), WHY);
        }
        Ok(())
    })
    .check("reports how late the worst look was", async |watch| watched(&watch, RARE, LOOK, 20).await, |mine, possible| {
        const WHY: &str = "Two short blocks do not show in the mean of a thousand looks. A request that came during such a block waited for all of it.";
        if mine.output.1.worst != possible.output.1.worst {
            return fault(format!("The worst of your looks was {} late, where {} is right.", exact(mine.output.1.worst), exact(possible.output.1.worst)), WHY);
        }
        Ok(())
    })
    .check_each("counts each look that was due while the thread was kept", [|| input(MANY, ms(LOOK), ms(25)), || input(UNEVEN, ms(LOOK), ms(3))], |mine, possible| {
        same(mine, possible, "A block of 60 ms delays each look that is due in that time. Each look stands for a request that would have waited. Count a look if it is later than the limit, and not if it is exactly as late. After a block, the looks are due at the same times as without it.")
    })
    .check("keeps two programs apart", two_at_once, |mine, possible| {
        same(mine, possible, "Two programs are watched at the same time. They share a `static`, so keep your counts in local variables.")
    })
    .check("counts the looks that were due just before the end", async |watch| watched(&watch, AT_THE_END, 7, 25).await, |mine, possible| {
        same(mine, possible, "The program kept the thread, and ended in the same poll. The looks that were due in that time were late. Check the clock once more at the end. An `interval` whose due time has passed is ready only after the runtime has had a turn.")
    })
    .check_each("counts from its start, even if the program keeps the thread immediately", [|| input(FROM_THE_START, ms(LOOK), ms(3)), || input(AT_ONCE, ms(LOOK), ms(3))], |mine, possible| {
        const WHY: &str = "The program kept the thread in its first poll. The first look is due one interval after the start of `watch`. Store that moment before you poll the program. A timer that starts after a block starts too late.";
        mine.as_quick_as(possible, WHY)?;
        same(mine, possible, WHY)
    })
    .check_each("counts the fractions of a millisecond", [|| input(FRACTIONS, FINE, Duration::from_micros(9_200)), || input(FRACTIONS, FINE, Duration::from_micros(18_900)), || input(FRACTIONS, FINE, Duration::from_micros(300))], |mine, possible| {
        same(mine, possible, "The looks are due each 9.5003 ms. The limit is 9.2 ms, then 18.9 ms, and then 0.3 ms. A `Duration` counts nanoseconds, and `as_millis` and `as_micros` drop the fractions. Compare the durations themselves.")
    })
    .check("sleeps between its looks", async |watch| watched(&watch, LONG, 1_000, 25).await, |mine, possible| {
        mine.sleeps_while_nothing_comes(possible, "A monitor that polls all the time is a load itself. You know when the next look is due: sleep until then.")?;
        same(mine, possible, "A look is due after each interval, however long the program runs.")
    })
    .check("leaves no task behind", async |watch| watched(&watch, HALF_AN_HOUR, 100, 20).await, |mine, possible| {
        mine.leaves_nothing_running("A spawned monitor keeps running when its handle is dropped. Watch in your own future, or put the monitor into a `JoinSet`.")?;
        mine.sleeps_while_nothing_comes(possible, "You know when the next look is due: sleep until then.")?;
        same(mine, possible, "A look is due after each interval, however long the program runs.")
    })
    .check(
        "stops everything when its caller gives up",
        async |watch| {
            for after in [0, 12] {
                _ = timeout(ms(after), watched(&watch, ONE, LOOK, 20)).await;
            }
            sleep(ms(30)).lane("the caller goes on").await;
        },
        |mine, _| mine.leaves_nothing_running("A spawned program keeps running when its handle is dropped, even if another task was going to own the handle. Poll it in your own future, or put it into a `JoinSet`."),
    )
    .passes_on_a_panic([|| (async { a_bug().lane("program").await }.boxed(), ms(LOOK), ms(20))], |(output, _)| Some(output.to_string()))
    .verdict()
}

/// A program that follows this script.
fn input(script: Script, every: Duration, limit: Duration) -> Input {
    let program = async move {
        for (waits, blocks) in script {
            sleep(ms(*waits)).await;
            // The first poll of `advance` moves the clock, as if the program kept the thread. A second poll would yield.
            if *blocks > 0 {
                _ = advance(Duration::from_micros(*blocks)).now_or_never();
            }
        }
        70_007
    };
    (async move { program.lane("program").await }.boxed(), every, limit)
}

/// Watches a program that follows this script, with a look after each so many milliseconds, and this limit.
async fn watched(watch: &Watch, script: Script, every: u64, limit: u64) -> Watched {
    watch(input(script, ms(every), ms(limit))).lane("watch").await
}

/// What is seen of the first of two programs.
async fn two_at_once(watch: Watch) -> Watched {
    futures::join!(watched(&watch, MANY, LOOK, 25), watched(&watch, CALM, 20, 25)).0
}

async fn a_bug() -> u32 {
    sleep(ms(25)).await;
    panic!("a bug")
}

fn same(mine: &Run<Watched>, possible: &Run<Watched>, why: &str) -> Judgement {
    let (mine, right) = (mine.output.1, possible.output.1);
    if mine == right {
        return Ok(());
    }
    fault(format!("Your answer saw {}, where {} is right.", words(mine), words(right)), why)
}

fn words(Seen { looks, late, worst }: Seen) -> String {
    format!("{looks} looks, {late} of them late, the worst by {}", exact(worst))
}

fn exact(time: Duration) -> String {
    if time > ms(0) && time < ms(1) {
        "less than 1 ms".to_owned()
    } else {
        format!("{} ms", (time.as_secs_f64() * 10_000_000.0).round() / 10_000.0)
    }
}
