//! The checks of `executor-offload/heartbeat`.
//!
//! On the real clock, but without real durations: the jobs shake hands with the heart, and with one another.

use std::process::ExitCode;

use exam::{Exam, fault};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use Scene::{Crowd, Free, Freed, GivenUp};
use scenes::{CROWD, NAMES, Outcome, SALT, Scene, is_late, many, names, odd, play, the_second_panics};

fn main() -> ExitCode {
    let exam = Exam::new(
        "executor-offload/heartbeat",
        async |scene| play(scene, solution::hash_all).await,
        async |scene| play(scene, answer::hash_all).await,
    )
    .on_the_real_clock()
    .check_each("lets the heart beat while it hashes", [|| Free(2, names, |stage, _| stage.wait_for_beats(3))], |mine, _| {
        if mine.output.in_vain {
            return fault(
                "The heart shares its thread with your answer, and it stood still while a password was hashed.",
                "A task keeps its thread from one await to the next, and a hash contains no await. \
                 An `async` block or `tokio::spawn` does not change that. Run the hash on another thread.",
            );
        }
        mine.output.none_left_out()
    })
    .check_each("hashes two at once", [|| Free(2, names, |stage, _| stage.wait_for_peak(2))], |mine, _| {
        if mine.output.in_vain {
            return fault(
                "There are two places, but your answer never hashed two passwords at once.",
                "If you await one hash before you start the next, they run one after another. Make a future for each, and poll them together.",
            );
        }
        mine.output.none_left_out()
    })
    .check_each("never hashes more than two at once", [|| Free(2, names, |stage, _| stage.wait_for_beats(6))], |mine, _| {
        mine.output.at_most(
            2,
            "The blocking pool makes a thread for each closure, up to 512, and you have fewer cores. Take a permit for each hash to keep the limit.",
        )
    })
    .check_each("waits without checking again and again", [|| Free(2, names, |stage, _| stage.wait_for_beats(20))], |mine, possible| {
        let (polls, enough) = (mine.recording.polls("hash_all"), possible.recording.polls("hash_all"));
        if polls <= MOST_POLLS {
            return Ok(());
        }
        fault(
            format!("Your answer was polled {polls} times, where {enough} are enough."),
            "A loop that checks again and again works for nothing, and notices a result late. Await the permit, and await the handle: they wake you.",
        )
    })
    .check_each("shares the places with others", [|| Free(1, names, |stage, _| stage.wait_for_beats(6))], |mine, _| {
        mine.output.at_most(
            1,
            "Other code holds one of the two places all the time. A limit of your own, such as `buffered(2)`, a new semaphore or a pool, does not know this.",
        )
    })
    .check_each("uses a place as soon as it is free", [|| Free(2, many, |stage, name| name != NAMES[0] || stage.wait_for_ended(35)), || Freed], |mine, _| {
        if mine.output.in_vain {
            return fault(
                "A hash took long, and a place stayed empty all that time.",
                "`buffered(2)` and batches keep the place of a finished hash until all earlier ones have ended. \
                 Other code may release its place at any moment, so do not count the free places at the start. You need no limit besides the semaphore.",
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
        |mine, _| mine.output.in_order("A later password can be done first. If you get results as they come, they have lost their places."),
    )
    .check_each("keeps passwords and hashes unchanged", [|| Free(2, odd, |_, _| true), || Free(2, Vec::new, |_, _| true), || Free(2, odd, |stage, _| stage.wait_for_beats(3))], |mine, _| {
        let (hashed, all) = (mine.output.begun.len(), mine.output.passwords.len());
        if hashed != all {
            return fault(
                format!("There are {all} passwords, two of them equal and one empty, and your answer hashed {hashed}."),
                "Two people may have the same password, and their hashes must not show it: a hash has a salt, so both differ. An empty password is also a password.",
            );
        }
        if all > 0 && mine.output.words.matches(SALT).count() != 1 {
            return fault(
                format!("Two people have the password `ann`, and your answer returned {}.", mine.output.words),
                "You hashed both, and their hashes differ by the salt. A map from the password to its hash keeps only one of them. Store each hash by the index of its password.",
            );
        }
        if mine.output.in_vain {
            return fault(
                "The heart stood still while one of these passwords was hashed: two are equal, one is empty, and two have blanks.",
                "An empty password takes as long to hash as any other, and needs a place and a thread, too.",
            );
        }
        mine.output.in_order("Blanks belong to a password, and to its hash. Without passwords, return an empty list without waiting.")
    })
}

fn when_a_caller_gives_up(exam: Exam<Scene, Outcome>) -> Exam<Scene, Outcome> {
    exam.check_each("keeps the limit of two when a caller has given up", [|| GivenUp], |mine, _| {
        mine.output.at_most(
            2,
            "The first caller gave up, and its two hashes went on, because you cannot stop them. \
             Then a second caller came. If you release a place while its hash still runs, too many run at once. The running closure must hold the permit, not the caller's future.",
        )
    })
    .check_each("starts no other hash when its caller has given up", [|| GivenUp], |mine, possible| {
        let (mine, right) = (&mine.output.begun, &possible.output.begun);
        // The threads decide which two of its three hashes the first caller starts.
        if mine.len() == right.len() {
            return Ok(());
        }
        let (mine, right) = (mine.join(", "), right.join(", "));
        fault(
            format!("The first caller gave up, and hashes were started for {mine}, where {right} is right."),
            "A task that waits for a place goes on when your future is dropped, and so does a closure on \
             the pool. Wait for the place in your own future: this wait ends when your future is dropped.",
        )
    })
    .check_each("leaves the pool to others while it waits", [|| Crowd], |mine, _| {
        if mine.output.in_vain {
            return fault(
                format!("{CROWD} passwords waited for a place, and a closure of other code did not get a thread of the blocking pool."),
                "The whole program shares 512 pool threads. Wait for the place in your future, which needs no thread, and use the pool when you have the place.",
            );
        }
        Ok(())
    })
    .check_each(
        "returns an error when a hash panics, and starts no other",
        [|| Free(2, many, the_second_panics)],
        |mine, possible| {
            // One more can start in the place that the panic released, before the answer sees the error.
            if let Some(late) = mine.output.begun.iter().find(|name| is_late(name)) {
                return fault(
                    format!("A hash panicked, and after that your answer started the hash of `{late}`, which no caller needs."),
                    "`join_all`, and a loop that awaits one handle after the other, notice the error late. \
                     So does `try_join_all` with more than 30 futures: it then checks the results in order. Take results as they come, and return at the first error.",
                );
            }
            if mine.output.words == possible.output.words {
                if mine.output.in_vain {
                    return fault(
                        "A hash panicked. Your answer returned the error only after another hash had ended, which had just started.",
                        "You cannot stop that hash, and you no longer need it. Return at the first error: the hash goes on by itself.",
                    );
                }
                return mine.output.all_places_back();
            }
            fault(
                format!("A hash panicked, and your answer returned {}, where {} is right.", mine.output.words, possible.output.words),
                "The pool catches the panic, and its handle returns a `JoinError`. `?` turns it into a `WorkError`.",
            )
        },
    )
}

/// How often an answer that waits for its wakes is polled at most: a few times for each password.
const MOST_POLLS: u64 = 60;
