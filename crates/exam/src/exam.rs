//! The checks of an exercise, in order.

use std::pin::Pin;
use std::process::ExitCode;
use std::rc::Rc;

use timeline::{Clock, LaneExt};
use tokio::time::{sleep, timeout};

use crate::fault::{Fault, Judgement, fault, listed};
use crate::run::{Broken, Run, collect_panics, panics, play, unless_it_panics};
use crate::service::ms;
use crate::verdict::Verdict;
use crate::watchdog::Watchdog;

/// The function that the exercise is about: the reader's answer or the solution.
pub type Call<I, O> = Rc<dyn Fn(I) -> Pin<Box<dyn Future<Output = O>>>>;

type Check<I, O> = Box<dyn Fn(&Exam<I, O>, &Watchdog) -> Result<(), Broken>>;
type Scenario<I, O, T> = Box<dyn Fn(Call<I, O>) -> Pin<Box<dyn Future<Output = T>>>>;
type Scenarios<I, O, T> = Vec<Scenario<I, O, T>>;

/// The checks of one exercise.
///
/// Each check is a scenario and a judge.
/// The scenario is played twice, with the solution and with the reader's answer. So the judge can compare the two runs,
/// and the timeline of what is possible is as real as the reader's own.
///
/// ```no_run
/// use std::process::ExitCode;
/// use exam::{Exam, Failure, Reply, Service, ms};
///
/// # mod answer { pub async fn ask_both(_: [exam::Service; 2]) -> Vec<Result<String, exam::Failure>> { todo!() } }
/// # mod solution { pub use super::answer::*; }
/// fn main() -> ExitCode {
///     Exam::new("gather/ask_both", solution::ask_both, answer::ask_both)
///         .check(
///             "asks both at once",
///             async |ask_both| {
///                 let users = Service::new("users", Reply::ok(ms(300), "Ada"));
///                 let orders = Service::new("orders", Reply::ok(ms(200), "7"));
///                 ask_both([users, orders]).await
///             },
///             |mine, possible| mine.as_quick_as(possible, "A future does nothing until it is polled."),
///         )
///         .verdict()
/// }
/// ```
#[must_use = "an exam says something when it is asked for its verdict"]
pub struct Exam<I, O> {
    name: &'static str,
    clock: Clock,
    solution: Call<I, O>,
    answer: Call<I, O>,
    checks: Vec<Checking<I, O>>,
}

// Otherwise the first panic would end all checks.
const _: () =
    assert!(cfg!(panic = "unwind"), "Checks need panics that unwind: see RUSTFLAGS and Cargo's configuration.");

/// One check of an exam.
struct Checking<I, O> {
    sentence: &'static str,
    check: Check<I, O>,
    /// Why an answer never ends in this check, if the check can say it better than a detector.
    if_it_never_ends: Option<&'static str>,
}

impl<I: 'static, O: 'static> Checking<I, O> {
    /// A check that plays these scenarios in order, up to the first one in which the judge finds a fault.
    fn new<T: 'static>(
        sentence: &'static str,
        scenarios: Scenarios<I, O, T>,
        judge: impl Fn(&Run<T>, &Run<T>) -> Judgement + 'static,
    ) -> Self {
        let check = move |exam: &Exam<I, O>, watchdog: &Watchdog| {
            scenarios.iter().try_for_each(|scenario| examined(exam, watchdog, scenario, &judge))
        };
        Self { sentence, check: Box::new(check), if_it_never_ends: None }
    }
}

impl<I: 'static, O: 'static> Exam<I, O> {
    /// The exam of the exercise `topic/exercise`, with the solution and the reader's answer. The solution sets the types.
    ///
    /// For a function of several arguments, pass a closure that takes a tuple:
    /// `async |(items, fetch)| solution::pages(items, fetch).await`.
    pub fn new(
        name: &'static str,
        solution: impl AsyncFn(I) -> O + 'static,
        answer: impl AsyncFn(I) -> O + 'static,
    ) -> Self {
        Self { name, clock: Clock::Virtual, solution: call(solution), answer: call(answer), checks: Vec::new() }
    }

    /// Plays the scenarios on the real clock, for exercises about threads, blocking calls and other processes.
    ///
    /// Then a judge must not judge times. It judges order and counts, and a handshake over a channel proves "it went on meanwhile".
    pub fn on_the_real_clock(self) -> Self {
        Self { clock: Clock::Real, ..self }
    }

    /// Adds a check: a sentence about the answer ("asks both at once"), a scenario that calls it, and a judge of what happened.
    ///
    /// The judge gets the reader's run and the solution's.
    /// An answer that panics, never ends or hangs fails the current check.
    pub fn check<T: 'static>(
        mut self,
        sentence: &'static str,
        scenario: impl AsyncFn(Call<I, O>) -> T + 'static,
        judge: impl Fn(&Run<T>, &Run<T>) -> Judgement + 'static,
    ) -> Self {
        let scenario = Rc::new(scenario);
        let played: Scenario<I, O, T> = Box::new(move |call| {
            let scenario = Rc::clone(&scenario);
            Box::pin(async move { scenario(call).await })
        });
        self.checks.push(Checking::new(sentence, vec![played], judge));
        self
    }

    /// Adds a check whose scenario only calls the answer, once with each of these inputs. The judge must find no fault in any of them.
    pub fn check_each<const N: usize>(
        mut self,
        sentence: &'static str,
        inputs: [fn() -> I; N],
        judge: impl Fn(&Run<O>, &Run<O>) -> Judgement + 'static,
    ) -> Self {
        let scenarios = inputs.map(|input| -> Scenario<I, O, O> { Box::new(move |call| call(input())) });
        self.checks.push(Checking::new(sentence, scenarios.into(), judge));
        self
    }

    /// Adds the check that an answer is woken when something comes, instead of looking again and again.
    pub fn sleeps_while_nothing_comes(self, input: fn() -> I) -> Self {
        const WHY: &str = "A check every few milliseconds keeps a processor awake, and still notices a result late. On a server, a thousand such loops use a processor all the time. \
            What is awaited wakes its task when there is something to do, and only then.";
        self.check_each("sleeps while nothing comes", [input], |mine, possible| {
            mine.sleeps_while_nothing_comes(possible, WHY)
        })
    }

    /// Adds the check that nothing of an answer goes on after its caller gives up. `moments` has the milliseconds until then, and the inputs.
    pub fn stops_with_its_caller<const N: usize>(mut self, moments: [(u64, fn() -> I); N], why: &'static str) -> Self {
        let scenarios = moments.map(|(after, input)| -> Scenario<I, O, ()> {
            Box::new(move |call| {
                Box::pin(async move {
                    let _given_up = timeout(ms(after), call(input())).await;
                    sleep(ms(30)).lane("the caller goes on").await;
                })
            })
        });
        let sentence = "stops everything when its caller gives up";
        self.checks.push(Checking::new(sentence, scenarios.into(), move |mine, _| mine.leaves_nothing_running(why)));
        self
    }

    /// Adds the check that a [panic](crate::Reply::panics) of a call reaches the caller; `words` as for [`Run::hides_no_panic`].
    ///
    /// A service that panics once and then answers shows whether an answer asks again.
    pub fn passes_on_a_panic<const N: usize>(
        mut self,
        inputs: [fn() -> I; N],
        words: impl Fn(&O) -> Option<String> + 'static,
    ) -> Self {
        let scenarios = inputs.map(|input| -> Scenario<I, O, Option<O>> {
            Box::new(move |call| Box::pin(unless_it_panics(call(input()))))
        });
        let sentence = "passes on that a call panicked";
        self.checks.push(Checking::new(sentence, scenarios.into(), move |mine, _| mine.hides_no_panic(&words)));
        self
    }

    /// Says why an answer never ends in the check that was added last, in the words of the exercise.
    /// A detector knows which calls wait, but not that they wait for a permit that is never released.
    ///
    /// # Panics
    ///
    /// If no check was added before.
    pub fn if_it_never_ends(mut self, why: &'static str) -> Self {
        let Some(last) = self.checks.last_mut() else { panic!("`if_it_never_ends` belongs to the check before it") };
        last.if_it_never_ends = Some(why);
        self
    }

    /// Runs the checks up to the first that fails, and prints the verdict; the exit code is 0 if all passed, else 1.
    #[must_use]
    pub fn verdict(self) -> ExitCode {
        collect_panics();
        let watchdog = Watchdog::start(Verdict::new(self.name), self.clock);
        for Checking { sentence, check, if_it_never_ends } in &self.checks {
            watchdog.verdict(|verdict| verdict.begin(sentence));
            if let Err(Broken { mut fault, recording, endless }) = check(&self, &watchdog) {
                if let (true, Some(why)) = (endless, if_it_never_ends) {
                    fault.why = String::from(*why);
                }
                watchdog.verdict(|verdict| verdict.fail(fault, Some(*recording)));
                break;
            }
        }
        watchdog.verdict(|verdict| {
            verdict.announce(&verdict.words(), false);
            if verdict.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
        })
    }
}

/// Plays a scenario with the solution and with the answer, and judges.
fn examined<I: 'static, O: 'static, T>(
    exam: &Exam<I, O>,
    watchdog: &Watchdog,
    scenario: &Scenario<I, O, T>,
    judge: impl Fn(&Run<T>, &Run<T>) -> Judgement,
) -> Result<(), Broken> {
    let possible = play("the reference solution's", exam.clock, scenario(Rc::clone(&exam.solution)), watchdog)
        .map_err(|broken| {
            let what = format!("The solution of this exercise is broken. {}", broken.fault.what);
            Broken { fault: Fault::new(what, "Your answer is not the cause."), endless: false, ..broken }
        })?;
    watchdog.verdict(|verdict| verdict.possible(possible.recording.clone()));
    let mine = play("your timeline", exam.clock, scenario(Rc::clone(&exam.answer)), watchdog)?;
    // If the run of the solution also keeps calls, the scenario keeps them.
    let forgets_nothing = |()| {
        if mine.left.forgotten.len() <= possible.left.forgotten.len() {
            return Ok(());
        }
        watchdog.verdict(|verdict| verdict.goes_on("drops the calls that it gives up"));
        fault(
            format!("Calls that your answer neither finished nor dropped: {}.", listed(&mine.left.forgotten)),
            "Only a drop cancels a future, and releases what it holds: its connection, its permit, its memory. \
             `mem::forget`, `ManuallyDrop` and `Box::leak` prevent the drop, and so does an `Arc` that holds itself.",
        )
    };
    judge(&mine, &possible).and_then(forgets_nothing).map_err(|mut fault| {
        // A panic in the files of the checks is part of their script.
        let scripted =
            |panic: &str| ["/check.rs:", "/given.rs:", "/scenes.rs:"].iter().any(|file| panic.contains(file));
        if let Some(panic) = panics().iter().find(|panic| !scripted(panic)) {
            fault.what = format!("{}\nA task also panicked: {panic}", fault.what);
        }
        Broken { fault, recording: Box::new(mine.recording), endless: false }
    })
}

fn call<I: 'static, O>(function: impl AsyncFn(I) -> O + 'static) -> Call<I, O> {
    let function = Rc::new(function);
    Rc::new(move |input| {
        let function = Rc::clone(&function);
        Box::pin(async move { function(input).await })
    })
}
