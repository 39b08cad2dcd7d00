//! The checks of `executor-offload/heartbeat`.
//!
//! On the real clock, and without a real duration: the jobs shake hands with the heart, and with one another.

use std::process::ExitCode;

use exam::{Exam, fault};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use Scene::{Crowd, Free, GivenUp};
use scenes::{CROWD, NAMES, Outcome, Scene, is_late, many, names, odd, play, the_second_panics};

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

/// How often an answer is polled at most that waits for its wakes: some times for each password.
const MOST_POLLS: u64 = 60;
