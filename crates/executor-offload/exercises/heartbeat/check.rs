//! The checks of `executor-offload/heartbeat`.
//!
//! On the real clock, and without a real duration: the jobs shake hands with the heart, and with one another.
//! Only who waits in vain for a hand gives up after a while.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::{self, ThreadId};
use std::time::{Duration, Instant};

use exam::{Call, Exam, Judgement, LaneExt, fault, ms};
use executor_offload::WorkError;
use timeline::lane_blocking;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::sleep;
use tracing::Dispatch;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;
type Hashed = Result<Vec<String>, WorkError>;
type Input = (Arc<Semaphore>, Hash, Vec<String>);
type HashAll = Call<Input, Hashed>;

fn main() -> ExitCode {
    let exam = Exam::new(
        "executor-offload/heartbeat",
        async |(places, hash, passwords)| solution::hash_all(places, hash, passwords).await,
        async |(places, hash, passwords)| answer::hash_all(places, hash, passwords).await,
    )
    .on_the_real_clock()
    .check(
        "the heart beats on meanwhile",
        async |hash_all| scene(hash_all, 2, &NAMES, |stage, _| stage.wait_for_beats(3)).await,
        |mine, _| {
            if mine.output.in_vain {
                return fault(
                    "The heart shares its thread with your answer, and it stood still while a password was hashed.",
                    "A task keeps its thread from one await to the next, and a hash has no await in it. \
                     An `async` block, or `tokio::spawn`, changes nothing about that: take the hash to another thread.",
                );
            }
            mine.output.none_left_out()
        },
    )
    .check(
        "hashes two at once",
        async |hash_all| scene(hash_all, 2, &NAMES, |stage, _| stage.wait_until(|| stage.peak.load(SeqCst) >= 2)).await,
        |mine, _| {
            if mine.output.in_vain {
                return fault(
                    "There are two places, and never were two passwords hashed at once.",
                    "Who awaits one hash before the next is begun has a queue. Make a future for each, and wait for them together.",
                );
            }
            mine.output.none_left_out()
        },
    )
    .check(
        "never hashes more than two at once",
        async |hash_all| scene(hash_all, 2, &NAMES, |stage, _| stage.wait_for_beats(6)).await,
        |mine, _| {
            mine.output.at_most(
                2,
                "The blocking pool makes a thread for each closure, up to 512, and there are not so many cores. A permit for each hash keeps the limit.",
            )
        },
    )
    .check(
        "waits without asking again and again",
        async |hash_all| scene(hash_all, 2, &NAMES, |stage, _| stage.wait_for_beats(20)).await,
        |mine, possible| {
            let (polls, enough) = (mine.recording.polls("hash_all"), possible.recording.polls("hash_all"));
            if polls <= MOST_POLLS {
                return Ok(());
            }
            fault(
                format!("Your answer was polled {polls} times, where {enough} are enough."),
                "Who asks again and again, with or without a pause, works for nothing, and comes late. Await the permit, and the handle: whoever gives it back, or ends, wakes you.",
            )
        },
    )
    .check(
        "shares the places with others",
        async |hash_all| scene(hash_all, 1, &NAMES[..3], |stage, _| stage.wait_for_beats(6)).await,
        |mine, _| {
            mine.output.at_most(
                1,
                "Somebody else has one of the two places all the while. A limit of your own, as `buffered(2)`, a new semaphore or a pool, does not know of them.",
            )
        },
    )
    .check(
        "uses a place as soon as it is free",
        async |hash_all| {
            let waits_for_three = |stage: &Stage, password: &str| {
                password != NAMES[0] || stage.wait_until(|| stage.ended.load(SeqCst) >= 3)
            };
            scene(hash_all, 2, &NAMES, waits_for_three).await
        },
        |mine, _| {
            if mine.output.in_vain {
                return fault(
                    "The first hash took long, and a place stood empty all the while.",
                    "`buffered(2)` and batches keep a place for what is done, until what came before it is done as well. The semaphore is limit enough.",
                );
            }
            mine.output.none_left_out()
        },
    );
    let exam = what_is_returned(exam);
    let exam = when_a_caller_gives_up(exam);
    when_others_are_hurt(exam).verdict()
}

fn what_is_returned(exam: Exam<Input, Hashed>) -> Exam<Input, Hashed> {
    exam
    .check(
        "returns the hashes in the order of the passwords",
        async |hash_all| {
            let last_first = |stage: &Stage, password: &str| {
                password == NAMES[0] && !stage.wait_until(|| stage.ended.load(SeqCst) > 0)
            };
            scene(hash_all, 2, &NAMES, move |stage, password| !last_first(stage, password)).await
        },
        |mine, _| mine.output.in_order(),
    )
    .check(
        "takes a password that comes twice for two",
        async |hash_all| scene(hash_all, 2, &["ann", "bob", "ann"], |_, _| true).await,
        |mine, _| {
            let hashed = mine.output.begun.len();
            if hashed == 3 {
                return mine.output.in_order();
            }
            fault(
                format!("There are three passwords, two of them the same, and {hashed} were hashed."),
                "Two people may have the same password, and nobody should see it by their hashes: these have a salt, and differ.",
            )
        },
    )
}

fn when_a_caller_gives_up(exam: Exam<Input, Hashed>) -> Exam<Input, Hashed> {
    exam
    .check(
        "keeps to two when a caller has given up",
        async |hash_all| given_up(hash_all).await,
        |mine, _| {
            mine.output.at_most(
                2,
                "The first caller gave up, and its two hashes went on, as nobody can stop them. Then a second caller came. \
                 Who gives a place back while the hash still runs lets in one too many: the place belongs to the work, and not to the caller.",
            )
        },
    )
    .check(
        "begins nothing more when its caller has given up",
        async |hash_all| given_up(hash_all).await,
        |mine, possible| {
            let begun = |names: &[String]| names.join(", ");
            let (mine, right) = (&mine.output.begun, &possible.output.begun);
            // Which two of its three the first caller begins is for its threads to say.
            if mine.len() == right.len() {
                return Ok(());
            }
            let (mine, right) = (begun(mine), begun(right));
            fault(
                format!("The first caller gave up, and hashes were begun for {mine}; {right} would be right."),
                "What you spawned goes on without you: a task that waits for a place, or a closure that waits for one on the pool. \
                 What your own future holds ends with it, so wait for the place there.",
            )
        },
    )
}

fn when_others_are_hurt(exam: Exam<Input, Hashed>) -> Exam<Input, Hashed> {
    exam
    .check(
        "leaves the pool to others while it waits",
        async |hash_all| {
            let stage = Stage::new();
            // Others have all the places.
            let places = Arc::new(Semaphore::new(0));
            let many = (0..MANY).map(|number| format!("password {number}")).collect();
            let call = hash_all((Arc::clone(&places), stage.hash(|_, _| true), many));
            let somebody_else = async {
                sleep(ms(50)).await;
                let closure = tokio::task::spawn_blocking(|| {});
                tokio::time::timeout(PATIENCE, closure).await.is_ok()
            };
            let ran = tokio::select! {
                _ = call.try_lane("hash_all") => true,
                ran = somebody_else => ran,
            };
            places.close();
            ran
        },
        |mine, _| {
            if mine.output {
                return Ok(());
            }
            fault(
                format!("{MANY} passwords waited for a place, and a closure of somebody else did not get a thread of the blocking pool."),
                "The pool has 512 threads, for all. Wait for the place in your future, where waiting costs nothing, and go to the pool when you have it.",
            )
        },
    )
    .check(
        "returns an error when a hash panics, and begins no more",
        async |hash_all| {
            // The first one goes on until one has begun that should not, or for a while.
            let panics = |stage: &Stage, password: &str| {
                assert!(password != NAMES[1], "this password is empty");
                let before = stage.beats.load(SeqCst);
                let over = || stage.begun().len() > 3 || stage.beats.load(SeqCst) >= before + 20;
                if password == NAMES[0] { stage.wait_until(over) } else { stage.wait_for_beats(2) }
            };
            // From 31 futures on, `try_join_all` works in another way.
            let many: Vec<_> = NAMES.iter().map(|&name| name.to_owned()).chain((5..40).map(|number| number.to_string())).collect();
            let many: Vec<_> = many.iter().map(String::as_str).collect();
            scene(hash_all, 2, &many, panics).await
        },
        |mine, possible| {
            // One more can begin in the place that the panic left, before its error is heard of.
            if let Some(late) = mine.output.begun.iter().find(|name| !NAMES[..3].contains(&name.as_str())) {
                return fault(
                    format!("A hash panicked, and after that the one of `{late}` was begun, which nobody will ever see."),
                    "`join_all`, and a loop that awaits one handle after the other, come to the error late. So does `try_join_all` with more than 30 futures: \
                     it then looks at the results in order. Take results as they come, and return at the first error.",
                );
            }
            if mine.output.words == possible.output.words {
                return mine.output.all_places_back();
            }
            fault(
                format!("A hash panicked, and your answer returned {}, where {} is right.", mine.output.words, possible.output.words),
                "The pool catches the panic, and awaiting the handle returns it as a `JoinError`; `?` turns this into a `WorkError`.",
            )
        },
    )
}

/// More than the blocking pool has threads.
const MANY: usize = 600;

const NAMES: [&str; 5] = ["ann", "bob", "cem", "dee", "eve"];

/// How often an answer is polled at most that waits for its wakes: some times for each password.
const MOST_POLLS: u64 = 60;

/// How long somebody waits for a hand that may not come.
const PATIENCE: Duration = Duration::from_secs(1);

/// What the hashes of a scenario know of the heart and of one another.
#[derive(Debug)]
struct Stage {
    /// The thread of the runtime.
    home: ThreadId,
    dispatch: Dispatch,
    beats: AtomicUsize,
    running: AtomicUsize,
    peak: AtomicUsize,
    ended: AtomicUsize,
    begun: Mutex<Vec<String>>,
    /// Somebody waited in vain; nobody waits any more.
    in_vain: AtomicBool,
}

/// What is to be judged about a scenario.
#[derive(Debug)]
struct Outcome {
    in_vain: bool,
    peak: usize,
    /// How many places were lost, and whether the semaphore is closed.
    lost: usize,
    closed: bool,
    /// The passwords, in the order of the alphabet.
    begun: Vec<String>,
    passwords: Vec<String>,
    words: String,
    right: String,
}

impl Stage {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            home: thread::current().id(),
            dispatch: tracing::dispatcher::get_default(Clone::clone),
            beats: AtomicUsize::default(),
            running: AtomicUsize::default(),
            peak: AtomicUsize::default(),
            ended: AtomicUsize::default(),
            begun: Mutex::default(),
            in_vain: AtomicBool::default(),
        })
    }

    /// The heart, and its owner.
    fn heart(self: &Arc<Self>) -> JoinSet<()> {
        let stage = Arc::clone(self);
        let beat = async move {
            loop {
                sleep(ms(5)).await;
                stage.beats.fetch_add(1, SeqCst);
            }
        };
        let mut owner = JoinSet::new();
        owner.spawn(beat.lane("heart"));
        owner
    }

    /// A hash that does this while it runs.
    fn hash(self: &Arc<Self>, job: impl Fn(&Self, &str) -> bool + Send + Sync + 'static) -> Hash {
        let stage = Arc::clone(self);
        Arc::new(move |password| {
            let work = || {
                let _running = Running::begin(&stage, password);
                if !job(&stage, password) {
                    stage.in_vain.store(true, SeqCst);
                }
                format!("hash of {password}")
            };
            // On the thread of the runtime it is part of the poll that it holds up.
            if thread::current().id() == stage.home {
                return work();
            }
            tracing::dispatcher::with_default(&stage.dispatch, || lane_blocking(format!("hash {password}"), work)())
        })
    }

    fn begun(&self) -> MutexGuard<'_, Vec<String>> {
        self.begun.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Blocks until this is so, and says whether it came to be.
    fn wait_until(&self, so: impl Fn() -> bool) -> bool {
        let start = Instant::now();
        while !so() {
            if self.in_vain.load(SeqCst) || start.elapsed() > PATIENCE {
                return false;
            }
            thread::sleep(ms(1));
        }
        true
    }

    fn wait_for_beats(&self, count: usize) -> bool {
        let before = self.beats.load(SeqCst);
        self.wait_until(|| self.beats.load(SeqCst) >= before + count)
    }

    /// Lets the heart beat until this is so, or for a while.
    async fn until(&self, so: impl Fn() -> bool) {
        let start = Instant::now();
        while !so() && start.elapsed() < PATIENCE {
            sleep(ms(1)).await;
        }
    }

    fn outcome(&self, result: &Hashed, passwords: &[&str]) -> Outcome {
        let list = |hashes: &[String]| format!("`{}`", hashes.join("`, `"));
        let mut begun = self.begun().clone();
        begun.sort();
        Outcome {
            in_vain: self.in_vain.load(SeqCst),
            peak: self.peak.load(SeqCst),
            lost: 0,
            closed: false,
            begun,
            passwords: passwords.iter().map(|&password| password.to_owned()).collect(),
            words: match result {
                Ok(hashes) => list(hashes),
                Err(WorkError::Panicked(_)) => "`Err(WorkError::Panicked(_))`".to_owned(),
                Err(error) => format!("the error `{error}`"),
            },
            right: list(&passwords.iter().map(|password| format!("hash of {password}")).collect::<Vec<_>>()),
        }
    }
}

/// A hash that runs; also one that panics ends.
struct Running<'a>(&'a Stage);

impl<'a> Running<'a> {
    fn begin(stage: &'a Stage, password: &str) -> Self {
        stage.begun().push(password.to_owned());
        let running = stage.running.fetch_add(1, SeqCst) + 1;
        stage.peak.fetch_max(running, SeqCst);
        Self(stage)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        self.0.running.fetch_sub(1, SeqCst);
        self.0.ended.fetch_add(1, SeqCst);
    }
}

impl Outcome {
    fn none_left_out(&self) -> Judgement {
        if self.passwords.iter().all(|password| self.begun.contains(password)) {
            return Ok(());
        }
        let (begun, all) = (self.begun.join(", "), self.passwords.join(", "));
        fault(format!("Hashes were begun for {begun}, where {all} is right."), "Each password is to be hashed.")
    }

    fn all_places_back(&self) -> Judgement {
        match self.lost {
            _ if self.closed => fault(
                "A hash panicked, and your answer closed the semaphore.",
                "The places belong to the whole program: others still want them after your error.",
            ),
            0 => Ok(()),
            lost => fault(
                format!("A hash panicked, and {lost} of the two places was not given back."),
                "A panic skips the lines behind it, and drops what is held: hold the permit itself in the closure.",
            ),
        }
    }

    fn in_order(&self) -> Judgement {
        if self.words == self.right {
            return Ok(());
        }
        fault(
            format!("Your answer returned {}, where {} is right.", self.words, self.right),
            "A later password can be done first: what hands out results as they come has lost their places.",
        )
    }

    fn at_most(&self, limit: usize, why: &str) -> Judgement {
        if self.peak <= limit {
            return self.none_left_out();
        }
        fault(format!("{} passwords were hashed at once, where {limit} is the limit.", self.peak), why)
    }
}

/// One caller, and as many free places.
async fn scene(
    hash_all: HashAll,
    free: usize,
    passwords: &[&str],
    job: impl Fn(&Stage, &str) -> bool + Send + Sync + 'static,
) -> Outcome {
    let stage = Stage::new();
    let _heart = stage.heart();
    let places = Arc::new(Semaphore::new(2));
    let _others = places.try_acquire_many(u32::from(free == 1));
    let passwords_of = passwords.iter().map(|&password| password.to_owned()).collect();
    let hashed = hash_all((Arc::clone(&places), stage.hash(job), passwords_of)).try_lane("hash_all").await;
    // Nobody goes on behind our back: after a panic the others may still run.
    stage.until(|| stage.running.load(SeqCst) == 0).await;
    let free_again = || places.available_permits() == free;
    stage.until(free_again).await;
    let (lost, closed) = (free.saturating_sub(places.available_permits()), places.is_closed());
    Outcome { lost, closed, ..stage.outcome(&hashed, passwords) }
}

/// A caller that gives up when two hashes run, and then a second one.
async fn given_up(hash_all: HashAll) -> Outcome {
    let stage = Stage::new();
    let _heart = stage.heart();
    let places = Arc::new(Semaphore::new(2));
    let released = Arc::new(AtomicBool::default());
    let gate = Arc::clone(&released);
    let hash = stage.hash(move |stage, _| stage.wait_until(|| gate.load(SeqCst)));
    let call = |names: &[&str]| {
        let passwords = names.iter().map(|&name| name.to_owned()).collect();
        hash_all((Arc::clone(&places), Arc::clone(&hash), passwords))
    };
    tokio::select! {
        _ = call(&NAMES[..3]).try_lane("first caller") => {}
        () = stage.until(|| stage.running.load(SeqCst) == 2) => {}
    }
    let beats = |count: usize| {
        let (stage, before) = (&stage, stage.beats.load(SeqCst));
        async move { stage.until(|| stage.beats.load(SeqCst) >= before + count).await }
    };
    let release = async {
        // Time for one too many to come.
        beats(10).await;
        released.store(true, SeqCst);
    };
    let (hashed, ()) = tokio::join!(call(&NAMES[3..]).try_lane("second caller"), release);
    // Time for what was left behind to begin, and to end.
    beats(10).await;
    stage.until(|| stage.running.load(SeqCst) == 0).await;
    stage.outcome(&hashed, &NAMES[3..])
}
