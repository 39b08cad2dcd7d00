//! One run of a scenario, and what can be asked about it.

use std::collections::HashMap;
use std::future::poll_fn;
use std::panic::{self, AssertUnwindSafe};
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::Poll;

use timeline::{Clock, Lane, Micros, Outcome, Recorder, Recording, unless_stuck};
use tokio::runtime::{Builder, Handle};
use tokio::task::yield_now;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::cut::courses;
use crate::fault::{Fault, Judgement, fault, listed, seconds, seconds_apart, times};
use crate::pulse::{Pulse, unless_deaf};
use crate::watchdog::Watchdog;

/// What a scenario returned, and what was recorded meanwhile.
#[derive(Debug)]
pub struct Run<T> {
    /// What the scenario returned.
    pub output: T,
    /// What happened until the scenario returned: lanes that are open here were open then.
    pub recording: Recording,
    /// The tasks that were alive after the scenario returned.
    pub left: Left,
    /// How often the runtime's thread had nothing to do, and slept until it was woken.
    pub sleeps: u64,
}

/// The tasks that outlive a scenario: nothing waits for them.
///
/// A task that was aborted, or that ends by itself without waiting for time, does not count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// How many tasks are alive.
    pub tasks: usize,
    /// The calls that are still open, in the order in which they were made.
    pub lanes: Vec<String>,
    /// The open calls that even the end of the runtime did not drop.
    pub forgotten: Vec<String>,
}

/// A run that did not end: why, and what happened until then.
#[derive(Debug)]
pub(crate) struct Broken {
    pub(crate) fault: Fault,
    pub(crate) recording: Box<Recording>,
    /// The run was not over after an hour: it was stuck, or it went on and on.
    pub(crate) endless: bool,
}

/// How often aborted tasks get a turn, so that they can end.
const TURNS_TO_END: usize = 64;

/// The panics since the last run began, on any thread. This includes the panics that Tokio catches.
static PANICS: Mutex<Vec<String>> = Mutex::new(Vec::new());

impl<T> Run<T> {
    /// How long it took, in microseconds on its clock.
    #[must_use]
    pub fn took(&self) -> Micros {
        self.recording.ended
    }

    /// The calls whose name begins with `name`: `fetch` for `fetch a` and `fetch b`, `""` for all.
    pub fn calls<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Lane> + 'a {
        self.recording.lanes.iter().filter(move |lane| lane.name.starts_with(name) && lane.started().is_some())
    }

    /// The most calls with such a name that were under way at once.
    #[must_use]
    pub fn peak(&self, name: &str) -> usize {
        self.recording.peak_where(|lane| lane.name.starts_with(name))
    }

    /// A fault if a call was made more or less often than in the possible run.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that names the call.
    pub fn made_the_calls_of(&self, possible: &Self, why: &str) -> Judgement {
        self.made_the_calls(possible, "", why)
    }

    /// The same for the calls whose name begins with `name`. It is also a fault if fewer of them were under way at once than in the possible run.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that names the call, or says how many were under way.
    pub fn made_all_calls_at_once(&self, possible: &Self, name: &str, why: &str) -> Judgement {
        self.made_the_calls(possible, name, why)?;
        match (self.peak(name), possible.peak(name)) {
            (peak, all) if peak < all => {
                let of = if name.is_empty() { String::new() } else { format!(" of `{}`", name.trim_end()) };
                fault(format!("At most {peak} of {all} calls{of} were under way at once."), why)
            }
            _ => Ok(()),
        }
    }

    fn made_the_calls(&self, possible: &Self, name: &str, why: &str) -> Judgement {
        let counts = |run: &Self| {
            let mut counts = HashMap::<String, usize>::new();
            run.calls(name).for_each(|lane| *counts.entry(lane.name.clone()).or_default() += 1);
            counts
        };
        let (ours, theirs) = (counts(self), counts(possible));
        for name in possible.calls(name).chain(self.calls(name)).map(|lane| &lane.name) {
            let [mine, wanted] = [&ours, &theirs].map(|counts| counts.get(name).copied().unwrap_or(0));
            let (name, was) = (name.trim_end(), times(mine));
            match (mine, wanted) {
                _ if mine == wanted => {}
                (0, _) => return fault(format!("Your answer never called `{name}`."), why),
                (_, 0) => return fault(format!("Your answer called `{name}`, which you should not call here."), why),
                _ => {
                    return fault(format!("Your answer called `{name}` {was}, where {} is right.", times(wanted)), why);
                }
            }
        }
        Ok(())
    }

    /// Finds a call that waited although it could have begun. Returns the time, the calls that were under way, and the call that waited.
    ///
    /// At most `limit` calls whose name begins with `name` may be under way at once. `may_begin` gets those under way and one more, and says whether that one may begin.
    #[must_use]
    pub fn kept_waiting<'a>(
        &'a self,
        possible: &'a Self,
        name: &str,
        limit: usize,
        may_begin: impl Fn(&[&str], &str) -> bool,
    ) -> Option<(Micros, Vec<&'a str>, &'a str)> {
        let lanes = |run: &'a Self| run.recording.lanes.iter().filter(|lane| lane.name.starts_with(name));
        let mut changes: Vec<_> = lanes(self)
            .flat_map(|lane| [lane.closed.map(|at| (at, false, lane)), lane.started().map(|at| (at, true, lane))])
            .flatten()
            .collect();
        changes.sort_by_key(|(at, begins, _)| (*at, *begins));
        let mut waiting: Vec<_> =
            lanes(possible).filter(|lane| lane.started().is_some()).map(|lane| lane.name.as_str()).collect();
        let mut open = Vec::new();
        for moment in changes.chunk_by(|(one, ..), (next, ..)| one == next) {
            for (_, begins, lane) in moment {
                let list = if *begins { &mut waiting } else { &mut open };
                if let Some(at) = list.iter().position(|name| *name == lane.name) {
                    list.remove(at);
                }
                if *begins {
                    open.push(lane.name.as_str());
                }
            }
            if open.len() < limit
                && let Some(late) = waiting.iter().find(|name| may_begin(&open, name))
            {
                return Some((moment[0].0, open, late));
            }
        }
        None
    }

    /// A fault if it took longer than what is possible; `why` explains it.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that says both times and how many calls were under way at once.
    pub fn as_quick_as(&self, possible: &Self, why: &str) -> Judgement {
        self.calls_as_quick_as(possible, "", why)
    }

    /// The same, but only the calls whose name begins with `name` count, because the check has other lanes.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that says both times, how many of those calls were under way at once, and which they are.
    pub fn calls_as_quick_as(&self, possible: &Self, name: &str, why: &str) -> Judgement {
        if self.took() <= possible.took() {
            return Ok(());
        }
        let (mine, best) = seconds_apart(self.took(), possible.took());
        let mut names: Vec<_> = self.calls(name).map(|lane| lane.name.trim_end()).collect();
        let (calls, most) = (names.len(), possible.peak(name));
        names.dedup();
        let which = if name.is_empty() { String::new() } else { format!(" ({})", listed(&names)) };
        let (what, why) = match self.peak(name) {
            1 if calls > 1 && most > 1 => {
                (format!("Your {calls} calls{which} ran one after another: {mine}, where {best} is possible."), why)
            }
            peak if peak < most => (
                format!(
                    "At most {peak} of your {calls} calls{which} were under way at once, where {most} is possible: {mine} instead of {best}."
                ),
                why,
            ),
            _ if self.wakes_too_often(possible) => (
                format!(
                    "Your answer took {mine}, where {best} is possible. The runtime woke up {} times for it, where {} times are enough.",
                    self.sleeps, possible.sleeps
                ),
                "If you sleep and then check, you notice a result late. Await the result itself: it wakes you at once.",
            ),
            _ if courses(&self.recording) == courses(&possible.recording) => {
                (format!("You returned after {mine}, where {best} is possible."), why)
            }
            _ => (format!("Your answer took {mine}, where {best} is possible."), why),
        };
        fault(what, why)
    }

    /// When the lane of this name closed; if it did not, when the run ended.
    #[must_use]
    pub fn closed(&self, lane: &str) -> Micros {
        self.recording.lane(lane).and_then(|lane| lane.closed).unwrap_or(self.took())
    }

    /// A fault if the answer returned later than what is possible. The scenario puts the answer into a lane of this name; `why` explains the fault.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that says both times.
    pub fn returns_in_time(&self, possible: &Self, lane: &str, why: &str) -> Judgement {
        let (mine, best) = (self.closed(lane), possible.closed(lane));
        if mine <= best {
            return Ok(());
        }
        let (mine, best) = seconds_apart(mine, best);
        fault(format!("Your answer returned at {mine}, where {best} is possible."), why)
    }

    /// A fault if the runtime woke up much more often than is possible, as for an answer that looks every millisecond; `why` explains it.
    ///
    /// An answer may have some more tasks and timers: four times as often, plus ten, is no fault.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that says how often it was woken.
    pub fn sleeps_while_nothing_comes(&self, possible: &Self, why: &str) -> Judgement {
        if !self.wakes_too_often(possible) {
            return Ok(());
        }
        let (mine, enough) = (self.sleeps, possible.sleeps);
        fault(format!("The runtime woke up {mine} times for your answer, where {enough} times are enough."), why)
    }

    fn wakes_too_often(&self, possible: &Self) -> bool {
        self.sleeps > 4 * possible.sleeps + 10
    }

    /// A fault if tasks outlive the scenario; `why` explains it.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that names the calls that are still open.
    pub fn leaves_nothing_running(&self, why: &str) -> Judgement {
        let Left { tasks, lanes, .. } = &self.left;
        let were = if *tasks == 1 { "task was" } else { "tasks were" };
        let open = if lanes.is_empty() { String::new() } else { format!(", with open calls: {}", listed(lanes)) };
        match tasks {
            0 => Ok(()),
            _ => fault(format!("Your answer had ended, and {tasks} {were} still alive{open}."), why),
        }
    }
}

impl<T: PartialEq> Run<T> {
    /// A fault if it returned something else than what is possible. `words` describes both, and `why` explains it.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that says both.
    pub fn returns_what_is_right(&self, possible: &Self, words: impl Fn(&T) -> String, why: &str) -> Judgement {
        if self.output == possible.output {
            return Ok(());
        }
        fault(format!("You returned {}, where {} is right.", words(&self.output), words(&possible.output)), why)
    }
}

impl<T: PartialEq> Run<Vec<T>> {
    /// A fault if it returned another list than what is possible. `word` describes each result, and `why` explains it.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that shows both lists if they are short, or else the first place at which they differ.
    pub fn returns_each_in_its_place(&self, possible: &Self, word: impl Fn(&T) -> String, why: &str) -> Judgement {
        const SHORT: usize = 6;
        let (mine, right) = (&self.output, &possible.output);
        let words = |results: &Vec<T>| match results.as_slice() {
            [] => "nothing".to_owned(),
            results if results.len() <= SHORT => results.iter().map(&word).collect::<Vec<_>>().join(", "),
            results => format!("{} results", results.len()),
        };
        let differs = mine.iter().zip(right).position(|(mine, right)| mine != right);
        match differs {
            Some(place) if right.len() > SHORT => {
                let [mine, right] = [mine, right].map(|results| word(&results[place]));
                fault(format!("The result at place {} is {mine}, where {right} is right.", place + 1), why)
            }
            _ => self.returns_what_is_right(possible, words, why),
        }
    }
}

impl<T> Run<Option<T>> {
    /// A fault if a call panicked and the answer returned as if nothing had happened. There is no fault if it [also panicked](unless_it_panics).
    ///
    /// `words` describes what it returned ("two results"), or is `None` if that does not hide the panic, such as an error.
    ///
    /// # Errors
    ///
    /// A [`Fault`] that names the call.
    pub fn hides_no_panic(&self, words: impl FnOnce(&T) -> Option<String>) -> Judgement {
        let Some(words) = self.output.as_ref().and_then(words) else { return Ok(()) };
        let panicked = self.calls("").find(|lane| lane.outcome == Some(Outcome::Panicked));
        let call = panicked.map_or("call", |lane| lane.name.trim_end());
        fault(
            format!("`{call}` panicked, and your answer returned {words}. The caller does not learn of the panic."),
            "A panic in a task becomes a `JoinError` of its handle, or of `join_next`. `unwrap` it, and your caller sees the panic. \
             `if let Ok(..)` and `while let Some(Ok(..))` hide it.",
        )
    }
}

/// What a future returns; `None` if it panics.
///
/// If a call [panics](crate::Reply::panics) in the answer's own task, a right answer panics as well. With this, the scenario goes on, and [`Run::hides_no_panic`] judges it.
pub async fn unless_it_panics<T>(future: impl Future<Output = T>) -> Option<T> {
    let mut future = pin!(future);
    poll_fn(|context| match panic::catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
        Ok(polled) => polled.map(Some),
        Err(_) => Poll::Ready(None),
    })
    .await
}

/// Runs a scenario once, on a new runtime.
pub(crate) fn play<T>(
    title: &str,
    clock: Clock,
    scenario: impl Future<Output = T>,
    watchdog: &Watchdog,
) -> Result<Run<T>, Broken> {
    let recorder = Recorder::new(title, clock);
    panics().clear();
    let broken =
        |fault: Fault, recording: Recording| Err(Broken { fault, recording: Box::new(recording), endless: false });
    let pulse = Arc::new(Pulse::default());
    let mut builder = Builder::new_current_thread();
    builder.enable_all().start_paused(clock == Clock::Virtual);
    let (time, felt) = (recorder.clone(), Arc::clone(&pulse));
    // The watchdog's thread cannot read the virtual clock, so this tells the recorder the time.
    builder.on_thread_unpark(move || felt.beat(time.now()));
    let runtime = match builder.build() {
        Ok(runtime) => runtime,
        Err(error) => {
            let what = format!("The operating system refused a runtime: {error}.");
            return broken(Fault::new(what, "Your answer is not the cause."), recorder.recording());
        }
    };
    watchdog.watch(&recorder, &pulse);
    let played = panic::catch_unwind(AssertUnwindSafe(|| {
        let _subscriber = tracing_subscriber::registry().with(recorder.clone()).set_default();
        runtime.block_on(async {
            let taken = async {
                let output = scenario.await;
                (output, recorder.recording(), Handle::current().metrics().worker_park_count(0))
            };
            let mut taken = pin!(unless_deaf(taken, &pulse));
            let (output, recording, sleeps) = match unless_stuck(&recorder, taken.as_mut()).await {
                Ok(taken) => taken,
                Err(stuck) => {
                    let spinning = stuck.spins.then(|| spinning(&stuck.recording));
                    let busy = spinning.or_else(|| pulse.busy(&stuck.recording));
                    if busy.is_none() {
                        pulse.look_ahead(taken).await;
                    }
                    return Err(Box::new((busy, stuck.recording)));
                }
            };
            for _ in 0..TURNS_TO_END {
                yield_now().await;
            }
            let tasks = Handle::current().metrics().num_alive_tasks();
            let left = Left { tasks, lanes: open_calls(&recorder), forgotten: Vec::new() };
            Ok::<_, Box<(Option<Fault>, Recording)>>(Run { output, recording, left, sleeps })
        })
    }));
    // Drops the tasks that are left, which runs their `Drop` code. Does not wait for blocking calls.
    let dropped = panic::catch_unwind(AssertUnwindSafe(|| runtime.shutdown_background()));
    watchdog.rest();
    match (played, dropped) {
        (Ok(Ok(mut run)), Ok(())) => {
            // On the real clock, a thread may still be in a call.
            if clock == Clock::Virtual {
                run.left.forgotten = open_calls(&recorder);
            }
            Ok(run)
        }
        (Ok(Err(stuck)), _) => {
            let (busy, recording) = *stuck;
            let fault = busy.unwrap_or_else(|| deadlock(&recording, &pulse));
            Err(Broken { fault, recording: Box::new(recording), endless: true })
        }
        (Ok(Ok(Run { recording, .. })), Err(_)) => broken(panicked(), recording),
        (Err(_), _) => broken(panicked(), recorder.recording()),
    }
}

fn open_calls(recorder: &Recorder) -> Vec<String> {
    recorder.recording().never_ended().into_iter().map(str::to_owned).collect()
}

/// Keeps the message of every panic for the verdict and prints none, because a backtrace into the engine does not help.
pub(crate) fn collect_panics() {
    panic::set_hook(Box::new(|info| {
        let message = info.payload_as_str().unwrap_or("a panic without a message");
        let place =
            info.location().map_or_else(String::new, |at| format!(" ({}:{})", within_its_crate(at.file()), at.line()));
        panics().push(format!("{message}{place}"));
    }));
}

/// A file of a crate from crates.io, or of the standard library, without the folder that it was unpacked into:
/// `futures-util-0.3.34/src/future/select_all.rs`, `library/std/src/time.rs`.
fn within_its_crate(file: &str) -> &str {
    let below = |folder: &str| file.split_once(folder).and_then(|(_, rest)| rest.split_once(['/', '\\']));
    below("index.crates.io-").or_else(|| below("/rustc/")).map_or(file, |(_, rest)| rest)
}

/// The panics since the last run began, each with its place.
pub(crate) fn panics() -> MutexGuard<'static, Vec<String>> {
    PANICS.lock().unwrap_or_else(PoisonError::into_inner)
}

fn panicked() -> Fault {
    // Tasks may have panicked before, but the last panic ended the answer.
    match panics().last() {
        Some(message) if message.starts_with("not yet implemented") => {
            let place = message.rsplit_once('(').map_or("", |(_, place)| place.trim_end_matches(')'));
            Fault::new(format!("There is still a `todo!()` to be replaced: {place}."), "")
        }
        Some(message) => Fault::new(
            format!("Your answer panicked: {message}"),
            "A panic means a bug. An error that can happen is a value in Rust: return the `Err`, or handle it.",
        ),
        // A panic of the script does not call the hook.
        None => Fault::new(
            "A call panicked, and then your answer panicked.",
            "A panic passes to the code that awaits the call. Only a task catches it.",
        ),
    }
}

/// The fault of a run that goes round in a loop while the virtual clock stands still.
fn spinning(recording: &Recording) -> Fault {
    let calls = recording.lanes.len();
    Fault::new(
        format!("Your answer never ends: after {calls} calls it runs in a loop, and no time passes."),
        "A loop runs for ever: the event that should end it never happens, or the loop never checks it.",
    )
}

fn deadlock(recording: &Recording, pulse: &Pulse) -> Fault {
    let lanes: Vec<_> =
        recording.waiting().iter().map(|(lane, since)| format!("`{}` since {}", lane.name, seconds(*since))).collect();
    let unpolled: Vec<_> = recording
        .unpolled()
        .iter()
        .map(|(lane, since)| format!("`{}` was woken at {}, and nothing polls it", lane.name, seconds(*since)))
        .collect();
    let since = recording.last_event();
    if !unpolled.is_empty() {
        let waiting =
            if lanes.is_empty() { String::new() } else { format!(" Waiting, but not woken: {}.", listed(&lanes)) };
        return Fault::new(
            format!("Nothing happens after {}. {}.{waiting}", seconds(since), listed(&unpolled)),
            "A woken future goes on only when its task polls it. Its task waits for something else.",
        );
    }
    if let Some(timer) = pulse.next_timer() {
        return Fault::new(
            format!(
                "Your answer still waits after an hour on the virtual clock. Its next timer ends after {}.",
                seconds(timer)
            ),
            "Your answer sleeps for hours, or has a timeout of hours. Nothing in this check takes that long.",
        );
    }
    if pulse.is_deaf() {
        return Fault::new(
            format!("Your future returned `Pending` at {}, and nothing will wake it.", seconds(since)),
            "A future that returns `Pending` must first arrange a wake: it polls another future with its `Context`, \
             or passes a clone of `context.waker()` to the code that wakes it. Nothing has its waker, so nothing polls it again.",
        );
    }
    if lanes.is_empty() {
        return Fault::new(
            format!("Nothing happens after {}: no call is open, and your answer still waits.", seconds(since)),
            "It waits for an event that never comes: the end of a channel whose sender still exists, a lock that it holds itself, or a task that waits for it.",
        );
    }
    Fault::new(
        format!("Nothing happens after {}. Waiting: {}.", seconds(since), listed(&lanes)),
        "Each waits for an event that never comes, and nothing ends the wait.",
    )
}

#[cfg(test)]
mod tests {
    use timeline::{Clock, LaneExt, record};
    use tokio::time::sleep;

    use super::{Left, Run, within_its_crate};
    use crate::ms;

    /// Two calls one after another, with these pauses between them and after the last.
    fn one_by_one(between: u64, after: u64) -> Run<()> {
        let (output, recording) = record(Clock::Virtual, async {
            sleep(ms(30)).lane("call").await;
            sleep(ms(between)).await;
            sleep(ms(30)).lane("call").await;
            sleep(ms(after)).await;
        });
        Run { output, recording, left: Left::default(), sleeps: 4 }
    }

    #[test]
    fn no_verdict_asks_for_calls_at_once_if_the_solution_makes_one_at_a_time() {
        let says = |mine: Run<()>| mine.as_quick_as(&one_by_one(200, 0), "").unwrap_err().what;
        assert_eq!(says(one_by_one(200, 700)), "You returned after 0.96 s, where 0.26 s is possible.");
        assert_eq!(says(one_by_one(900, 0)), "Your answer took 0.96 s, where 0.26 s is possible.");
    }

    #[test]
    fn a_file_of_another_crate_is_named_without_the_folder_it_was_unpacked_into() {
        let unpacked = "/home/me/.cargo/registry/src/index.crates.io-1949cf8c6b5b557f/futures-util-0.3.34/src/lib.rs";
        assert_eq!(within_its_crate(unpacked), "futures-util-0.3.34/src/lib.rs");
        assert_eq!(within_its_crate("/rustc/59807616e1/library/std/src/time.rs"), "library/std/src/time.rs");
        assert_eq!(within_its_crate("crates/gather/src/lib.rs"), "crates/gather/src/lib.rs");
    }
}
