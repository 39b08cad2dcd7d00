//! The checks of `executor-offload/heartbeat`.
//!
//! On the real clock, and without a real duration: the jobs shake hands with the heart, and with one another.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use exam::{Exam, Judgement, LaneExt, Stage, fault};
use executor_offload::WorkError;
use tokio::sync::Semaphore;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;
type Hashed = Result<Vec<String>, WorkError>;
/// What a hash does, and whether what it waits for comes.
type HashJob = Box<dyn Fn(&Stage, &str) -> bool + Send + Sync>;

/// One caller, and what others do.
#[derive(Clone, Copy)]
enum Scene {
    /// So many of the two places are free, these are the passwords, and this is what a hash does.
    Free(usize, fn() -> Vec<String>, fn(&Stage, &str) -> bool),
    /// Others have all places, and hundreds of passwords wait: whether somebody else gets a thread of the pool.
    Crowd,
    /// The first caller gives up when two hashes run, and then a second one comes.
    GivenUp,
}

use Scene::{Crowd, Free, GivenUp};

fn main() -> ExitCode {
    let exam = Exam::new(
        "executor-offload/heartbeat",
        async |scene| play(scene, solution::hash_all).await,
        async |scene| play(scene, answer::hash_all).await,
    )
    .on_the_real_clock()
    .check_each("the heart beats on meanwhile", [|| Free(2, names, |stage, _| stage.wait_for_beats(3))], |mine, _| {
        if mine.output.in_vain {
            return fault(
                "The heart shares its thread with your answer, and it stood still while a password was hashed.",
                "A task keeps its thread from one await to the next, and a hash has no await in it. \
                 An `async` block, or `tokio::spawn`, changes nothing about that: take the hash to another thread.",
            );
        }
        mine.output.none_left_out()
    })
    .check_each("hashes two at once", [|| Free(2, names, |stage, _| stage.wait_for_peak(2))], |mine, _| {
        if mine.output.in_vain {
            return fault(
                "There are two places, and never were two passwords hashed at once.",
                "Who awaits one hash before the next is begun has a queue. Make a future for each, and wait for them together.",
            );
        }
        mine.output.none_left_out()
    })
    .check_each("never hashes more than two at once", [|| Free(2, names, |stage, _| stage.wait_for_beats(6))], |mine, _| {
        mine.output.at_most(
            2,
            "The blocking pool makes a thread for each closure, up to 512, and there are not so many cores. A permit for each hash keeps the limit.",
        )
    })
    .check_each("waits without asking again and again", [|| Free(2, names, |stage, _| stage.wait_for_beats(20))], |mine, possible| {
        let (polls, enough) = (mine.recording.polls("hash_all"), possible.recording.polls("hash_all"));
        if polls <= MOST_POLLS {
            return Ok(());
        }
        fault(
            format!("Your answer was polled {polls} times, where {enough} are enough."),
            "Who asks again and again, with or without a pause, works for nothing, and comes late. Await the permit, and the handle: whoever gives it back, or ends, wakes you.",
        )
    })
    .check_each("shares the places with others", [|| Free(1, names, |stage, _| stage.wait_for_beats(6))], |mine, _| {
        mine.output.at_most(
            1,
            "Somebody else has one of the two places all the while. A limit of your own, as `buffered(2)`, a new semaphore or a pool, does not know of them.",
        )
    })
    .check_each("uses a place as soon as it is free", [|| Free(2, many, |stage, name| name != NAMES[0] || stage.wait_for_ended(35))], |mine, _| {
        if mine.output.in_vain {
            return fault(
                "The first hash took long, and a place stood empty all the while.",
                "`buffered(2)` and batches keep a place for what is done, until what came before it is done as well. The semaphore is limit enough.",
            );
        }
        mine.output.none_left_out()
    });
    when_a_caller_gives_up(what_is_returned(exam)).verdict()
}

fn what_is_returned(exam: Exam<Scene, Outcome>) -> Exam<Scene, Outcome> {
    exam.check_each(
        "returns the hashes in the order of the passwords",
        [|| Free(2, names, |stage, name| name != NAMES[0] || stage.wait_for_ended(1))],
        |mine, _| mine.output.in_order("A later password can be done first: what hands out results as they come has lost their places."),
    )
    .check_each("takes passwords and hashes as they are", [|| Free(2, odd, |_, _| true), || Free(2, Vec::new, |_, _| true)], |mine, _| {
        let (hashed, all) = (mine.output.begun.len(), mine.output.passwords.len());
        if hashed != all {
            return fault(
                format!("There are {all} passwords, two of them the same and one empty, and {hashed} were hashed."),
                "Two people may have the same password, and nobody should see it by their hashes: these have a salt, and differ. And an empty password is one.",
            );
        }
        mine.output.in_order("Blanks belong to a password, and to its hash. And without passwords, there are no hashes, and nothing to wait for.")
    })
}

fn when_a_caller_gives_up(exam: Exam<Scene, Outcome>) -> Exam<Scene, Outcome> {
    exam.check_each("keeps to two when a caller has given up", [|| GivenUp], |mine, _| {
        mine.output.at_most(
            2,
            "The first caller gave up, and its two hashes went on, as nobody can stop them. Then a second caller came. \
             Who gives a place back while the hash still runs lets in one too many: the place belongs to the work, and not to the caller.",
        )
    })
    .check_each("begins nothing more when its caller has given up", [|| GivenUp], |mine, possible| {
        let (mine, right) = (&mine.output.begun, &possible.output.begun);
        // Which two of its three the first caller begins is for its threads to say.
        if mine.len() == right.len() {
            return Ok(());
        }
        let (mine, right) = (mine.join(", "), right.join(", "));
        fault(
            format!("The first caller gave up, and hashes were begun for {mine}; {right} would be right."),
            "What you spawned goes on without you: a task that waits for a place, or a closure that waits for one on the pool. \
             What your own future holds ends with it, so wait for the place there.",
        )
    })
    .check_each("leaves the pool to others while it waits", [|| Crowd], |mine, _| {
        if mine.output.in_vain {
            return fault(
                format!("{CROWD} passwords waited for a place, and a closure of somebody else did not get a thread of the blocking pool."),
                "The pool has 512 threads, for all. Wait for the place in your future, where waiting costs nothing, and go to the pool when you have it.",
            );
        }
        Ok(())
    })
    .check_each(
        "returns an error when a hash panics, and begins no more",
        [|| Free(2, many, the_second_panics)],
        |mine, possible| {
            // One more can begin in the place that the panic left, before its error is heard of.
            if let Some(late) = mine.output.begun.iter().find(|name| is_late(name)) {
                return fault(
                    format!("A hash panicked, and after that the one of `{late}` was begun, which nobody will ever see."),
                    "`join_all`, and a loop that awaits one handle after the other, come to the error late. So does `try_join_all` with more than 30 futures: \
                     it then looks at the results in order. Take results as they come, and return at the first error.",
                );
            }
            if mine.output.words == possible.output.words {
                if mine.output.in_vain {
                    return fault(
                        "A hash panicked, and your answer returned the error only when another hash was done, which had just begun.",
                        "Nobody can stop that hash, and nobody needs it any more. Return at the first error: the hash goes on without you.",
                    );
                }
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
const CROWD: usize = 600;

const NAMES: [&str; 5] = ["ann", "bob", "cem", "dee", "eve"];

/// How often an answer is polled at most that waits for its wakes: some times for each password.
const MOST_POLLS: u64 = 60;

fn names() -> Vec<String> {
    NAMES.map(str::to_owned).to_vec()
}

/// From 31 futures on, `try_join_all` works in another way.
fn many() -> Vec<String> {
    names().into_iter().chain((5..40).map(|number| number.to_string())).collect()
}

/// Two are the same, one is empty, and two have blanks.
fn odd() -> Vec<String> {
    ["ann", "bob ", "ann", "", " bob"].map(str::to_owned).to_vec()
}

/// What stands among the jobs once the answer has returned an error.
const RETURNED: &str = "the error is returned";

/// Whether this password is begun too late, after a panic.
fn is_late(name: &str) -> bool {
    name != RETURNED && !NAMES[..3].contains(&name)
}

/// The first one goes on until the error is returned, and then for a while, or until one has begun that should not.
fn the_second_panics(stage: &Stage, name: &str) -> bool {
    assert!(name != NAMES[1], "this password is broken");
    if name != NAMES[0] {
        return stage.wait_for_beats(2);
    }
    let late = || stage.begun().iter().any(|name| is_late(name));
    let returned = stage.wait_until(|| late() || stage.begun().iter().any(|name| name == RETURNED));
    let before = stage.beats();
    returned && stage.wait_until(|| late() || stage.beats() >= before + 20)
}

/// What is to be judged about a scene.
#[derive(Debug)]
struct Outcome {
    in_vain: bool,
    peak: usize,
    /// How many places were lost, and whether the semaphore is closed.
    lost: usize,
    closed: bool,
    begun: Vec<String>,
    passwords: Vec<String>,
    words: String,
}

impl Outcome {
    fn none_left_out(&self) -> Judgement {
        if self.passwords.iter().all(|password| self.begun.contains(password)) {
            return self.all_places_back();
        }
        let (begun, all) = (self.begun.join(", "), self.passwords.join(", "));
        fault(format!("Hashes were begun for {begun}, where {all} is right."), "Each password is to be hashed.")
    }

    fn all_places_back(&self) -> Judgement {
        let what = match self.lost {
            _ if self.closed => "Your answer closed the semaphore.".to_owned(),
            0 => return Ok(()),
            lost => format!("Your answer was over, and {lost} of the two places was not given back."),
        };
        fault(
            what,
            "The places belong to the whole program: others still want them. Hold the permit itself in the closure: it is dropped at its end, also by a panic, which skips the lines behind it.",
        )
    }

    fn in_order(&self, why: &str) -> Judgement {
        let right = listed(&self.passwords.iter().map(|password| hash_of(password)).collect::<Vec<_>>());
        if self.words == right {
            return self.all_places_back();
        }
        fault(format!("Your answer returned {}, where {right} is right.", self.words), why)
    }

    fn at_most(&self, limit: usize, why: &str) -> Judgement {
        if self.peak <= limit {
            return self.none_left_out();
        }
        fault(format!("{} passwords were hashed at once, where {limit} is the limit.", self.peak), why)
    }
}

fn hash_of(password: &str) -> String {
    format!("hash of {password} ")
}

fn listed(hashes: &[String]) -> String {
    format!("`{}`", hashes.join("`, `"))
}

async fn play(scene: Scene, hash_all: impl AsyncFn(Arc<Semaphore>, Hash, Vec<String>) -> Hashed) -> Outcome {
    let (stage, places) = (Stage::new(), Arc::new(Semaphore::new(2)));
    let hash = |job: HashJob| -> Hash {
        let stage = Arc::clone(&stage);
        Arc::new(move |password| {
            stage.job(password, |stage| job(stage, password));
            hash_of(password)
        })
    };
    let _heart = stage.heart();
    let mut taken = None;
    let (result, passwords) = match scene {
        Free(free, passwords, job) => {
            taken = places.try_acquire_many(u32::from(free == 1)).ok();
            let call = hash_all(Arc::clone(&places), hash(Box::new(job)), passwords()).try_lane("hash_all");
            let never = stage.until(|| false);
            // Without passwords there is nothing to wait for; who waits all the same is waited for only for a while.
            let hashed = tokio::select! {
                hashed = call => hashed,
                () = never, if passwords().is_empty() => Ok(vec!["nothing, and goes on waiting".to_owned()]),
            };
            if hashed.is_err() {
                stage.job(RETURNED, |_| true);
            }
            (hashed, passwords())
        }
        Crowd => {
            taken = places.try_acquire_many(2).ok();
            let crowd = (0..CROWD).map(|number| format!("password {number}")).collect();
            let call = hash_all(Arc::clone(&places), hash(Box::new(|_, _| true)), crowd);
            let somebody_else = async {
                stage.for_beats(10).await;
                let closure = tokio::task::spawn_blocking(|| {});
                stage.until(|| closure.is_finished()).await;
                closure.is_finished()
            };
            let ran = tokio::select! {
                _ = call.try_lane("hash_all") => true,
                ran = somebody_else => ran,
            };
            places.close();
            stage.job("somebody else", |_| ran);
            (Ok(Vec::new()), Vec::new())
        }
        GivenUp => {
            let released = Arc::new(AtomicBool::default());
            let gate = Arc::clone(&released);
            let hash = hash(Box::new(move |stage, _| stage.wait_until(|| gate.load(SeqCst))));
            let call = |names: &[&str]| {
                hash_all(Arc::clone(&places), Arc::clone(&hash), names.iter().map(|&name| name.to_owned()).collect())
            };
            tokio::select! {
                _ = call(&NAMES[..3]).try_lane("first caller") => {}
                () = stage.until(|| stage.running() == 2) => {}
            }
            let release = async {
                // Time for one too many to come.
                stage.for_beats(10).await;
                released.store(true, SeqCst);
            };
            let (hashed, ()) = tokio::join!(call(&NAMES[3..]).try_lane("second caller"), release);
            // Time for what was left behind to begin, and to end.
            stage.for_beats(10).await;
            (hashed, NAMES[3..].iter().map(|&name| name.to_owned()).collect())
        }
    };
    // Nobody goes on behind our back: after a panic the others may still run.
    stage.until_idle().await;
    drop(taken);
    let back = || places.available_permits() >= 2;
    stage.until(back).await;
    Outcome {
        in_vain: stage.in_vain(),
        peak: stage.peak(),
        lost: 2_usize.saturating_sub(places.available_permits()),
        closed: places.is_closed(),
        begun: stage.begun(),
        passwords,
        words: match result {
            Ok(hashes) => listed(&hashes),
            Err(WorkError::Panicked(_)) => "`Err(WorkError::Panicked(_))`".to_owned(),
            Err(error) => format!("the error `{error}`"),
        },
    }
}
