//! What the checks of `executor-offload/heartbeat` play.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use exam::{Judgement, LaneExt, Stage, fault};
use executor_offload::WorkError;
use tokio::sync::Semaphore;

use Scene::{Crowd, Free, Freed, GivenUp};

type Hash = Arc<dyn Fn(&str) -> String + Send + Sync>;
type Hashed = Result<Vec<String>, WorkError>;
/// What a hash does, and whether the event that it waits for comes.
type HashJob = Box<dyn Fn(&Stage, &str) -> bool + Send + Sync>;

/// One caller, and what others do.
#[derive(Clone, Copy)]
pub(super) enum Scene {
    /// How many of the two places are free, the passwords, and what a hash does.
    Free(usize, fn() -> Vec<String>, fn(&Stage, &str) -> bool),
    /// Others hold one of the two places, and release it when the first hash has started.
    Freed,
    /// Others hold all places, and hundreds of passwords wait. Whether other code still gets a thread of the pool.
    Crowd,
    /// The first caller gives up when two hashes run, and then a second caller comes.
    GivenUp,
}

/// More than the threads of the blocking pool.
pub(super) const CROWD: usize = 600;

pub(super) const NAMES: [&str; 5] = ["ann", "bob", "cem", "dee", "eve"];

pub(super) fn names() -> Vec<String> {
    NAMES.map(str::to_owned).to_vec()
}

/// From 31 futures on, `try_join_all` works in another way.
pub(super) fn many() -> Vec<String> {
    names().into_iter().chain((5..40).map(|number| number.to_string())).collect()
}

/// Two are the same, one is empty, two have blanks, and one has a capital and two lines.
pub(super) fn odd() -> Vec<String> {
    ["ann", "bob ", "ann", "", " Bob\nby"].map(str::to_owned).to_vec()
}

/// This job shows that the answer has returned an error.
const RETURNED: &str = "the error is returned";

/// Whether the hash of this password starts too late, after a panic.
pub(super) fn is_late(name: &str) -> bool {
    name != RETURNED && !NAMES[..3].contains(&name)
}

/// The first one goes on until the answer has returned the error, and then for a while, or until a hash has started that should not.
pub(super) fn the_second_panics(stage: &Stage, name: &str) -> bool {
    assert!(name != NAMES[1], "this password is broken");
    if name != NAMES[0] {
        return stage.wait_for_beats(2);
    }
    let late = || stage.begun().iter().any(|name| is_late(name));
    let returned = stage.wait_until(|| late() || stage.begun().iter().any(|name| name == RETURNED));
    let before = stage.beats();
    returned && stage.wait_until(|| late() || stage.beats() >= before + 20)
}

/// What the checks judge.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) in_vain: bool,
    peak: usize,
    /// How many places were lost, and whether the semaphore is closed.
    lost: usize,
    closed: bool,
    pub(super) begun: Vec<String>,
    pub(super) passwords: Vec<String>,
    pub(super) words: String,
}

impl Outcome {
    pub(super) fn none_left_out(&self) -> Judgement {
        if self.passwords.iter().all(|password| self.begun.contains(password)) {
            return self.all_places_back();
        }
        let (begun, all) = (self.begun.join(", "), self.passwords.join(", "));
        fault(format!("Hashes were begun for {begun}, where {all} is right."), "Hash each password once.")
    }

    pub(super) fn all_places_back(&self) -> Judgement {
        let what = match self.lost {
            _ if self.closed => "Your answer closed the semaphore.".to_owned(),
            0 => return Ok(()),
            lost => format!("Your answer had ended, and {lost} of the two places was not released."),
        };
        fault(
            what,
            "The whole program uses these places. Move the permit into the closure: it is dropped at the end of the closure, even after a panic, which skips the remaining lines.",
        )
    }

    pub(super) fn in_order(&self, why: &str) -> Judgement {
        let right = listed(&self.passwords.iter().map(|password| hash_of(password)).collect::<Vec<_>>());
        if self.words.replacen(SALT, "", 1) == right {
            return self.all_places_back();
        }
        fault(format!("Your answer returned {}, where {right} is right.", self.words), why)
    }

    pub(super) fn at_most(&self, limit: usize, why: &str) -> Judgement {
        if self.peak <= limit {
            return self.none_left_out();
        }
        fault(format!("{} passwords were hashed at once, where {limit} is the limit.", self.peak), why)
    }
}

/// The second hash of the first name ends with this.
pub(super) const SALT: &str = "and salt";

fn hash_of(password: &str) -> String {
    format!("hash of {password} ")
}

fn listed(hashes: &[String]) -> String {
    format!("`{}`", hashes.join("`, `"))
}

pub(super) async fn play(scene: Scene, hash_all: impl AsyncFn(Arc<Semaphore>, Hash, Vec<String>) -> Hashed) -> Outcome {
    let (stage, places) = (Stage::new(), Arc::new(Semaphore::new(2)));
    let hash = |job: HashJob| -> Hash {
        let (stage, has_salt) = (Arc::clone(&stage), AtomicBool::default());
        Arc::new(move |password| {
            stage.job(password, |stage| job(stage, password));
            let salt = if password == NAMES[0] && has_salt.swap(true, SeqCst) { SALT } else { "" };
            hash_of(password) + salt
        })
    };
    let _heart = stage.heart();
    let mut taken = None;
    let (result, passwords) = match scene {
        Free(free, passwords, job) => {
            taken = places.try_acquire_many(u32::from(free == 1)).ok();
            let call = hash_all(Arc::clone(&places), hash(Box::new(job)), passwords()).try_lane("hash_all");
            let never = stage.until(|| false);
            // Without passwords there is nothing to wait for. If an answer still waits, the check waits only for a while.
            let hashed = tokio::select! {
                hashed = call => hashed,
                () = never, if passwords().is_empty() => Ok(vec!["nothing, and still waits".to_owned()]),
            };
            if hashed.is_err() {
                stage.job(RETURNED, |_| true);
            }
            (hashed, passwords())
        }
        Freed => {
            let place = places.try_acquire();
            let job: HashJob = Box::new(|stage, _| stage.wait_for_peak(2));
            let call = hash_all(Arc::clone(&places), hash(job), names()).try_lane("hash_all");
            let gives_back = async {
                stage.until(|| stage.running() > 0).await;
                drop(place);
            };
            (tokio::join!(call, gives_back).0, names())
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
            stage.job("other code", |_| ran);
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
    // After a panic the others may still run, so wait for them.
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
