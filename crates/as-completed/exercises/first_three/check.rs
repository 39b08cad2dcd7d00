//! The checks of `as-completed/first_three`.

use std::process::ExitCode;

use exam::{Exam, Judgement, LaneExt, Run, Service, fault, listed, ms, unless_it_panics};
use tokio::time::sleep;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use scenes::{
    at_the_same_instant, crowd, insurers, look_alikes, no_offer, odd_offers, offers_alike, one_panics, one_refuses,
    some_refuse, thousand, two_offers, with_late_turns,
};

type Offers = Vec<String>;

fn main() -> ExitCode {
    let exam = Exam::new("as-completed/first_three", solution::first_three, answer::first_three)
        .check_each("asks all insurers at once", [insurers], asks_all_once)
        .check_each(
            "returns with the third offer",
            [insurers],
            judged(
                with_the_third,
                "If you wait for all, or for each in the order of the list, you wait for the slowest. \
                 If you check at intervals, you notice a result late. `FuturesUnordered` and `JoinSet` return each result when it comes.",
            ),
        )
        .check_each(
            "returns the offers in the order in which they come",
            [insurers],
            judged(
                returns_what_is_right,
                "Put the offer first that came first, whatever its place in the list.",
            ),
        )
        .check_each(
            "counts offers, but not refusals",
            [some_refuse],
            judged(
                right_and_in_time,
                "A refusal is a result, but not an offer: go on to the next result. \
                 On a stream, `take(3)` takes the first three items. Filter the refusals out before it.",
            ),
        )
        .check(
            "leaves nothing running after the third offer",
            async |first_three| {
                let offers = first_three(insurers()).await;
                sleep(ms(100)).lane("the caller goes on").await;
                offers
            },
            |mine, _| {
                mine.leaves_nothing_running(
                    "If you drop a `JoinHandle`, its task is detached. A task that sends into a channel notices only when it sends \
                     that the receiver is gone. Calls that your own future holds end with it, and so do the tasks of a `JoinSet`.",
                )
            },
        )
        .check_each(
            "takes three even when offers come at the same instant",
            [at_the_same_instant],
            any_three_of_the_first,
        )
        .sleeps_while_nothing_comes(insurers);
    with_other_insurers(exam).verdict()
}

fn with_other_insurers(exam: Exam<Vec<Service>, Offers>) -> Exam<Vec<Service>, Offers> {
    exam.check_each("returns fewer than three when there are no more", [two_offers, no_offer, one_refuses, Vec::new], what_there_is)
        .if_it_never_ends(
            "Here the list of insurers is empty. Return an empty list of offers. \
             If the limit is the number of insurers, it is 0, and `buffer_unordered(0)` never ends. A loop that waits for a third offer never ends, either.",
        )
        .check_each(
            "keeps offers that look alike, and returns offers unchanged",
            [look_alikes, odd_offers],
            judged(
                right_and_in_time,
                "Two insurers may have the same name, and two offers the same text. \
                 A set or a map has only one entry for both. Return each offer unchanged, with its blanks, even if it is empty.",
            ),
        )
        .check_each("does the same with a thousand insurers", [thousand], |mine, possible| {
            asks_all_once(mine, possible)?;
            right_and_in_time(
                mine,
                possible,
                "The quick offers are late in the list, and hundreds of insurers refuse before. Go on after a refusal, however many there are.",
            )
        })
        .check(
            "misses no offer when hundreds of insurers reply at the same instant",
            async |first_three| {
                let mut offers = with_late_turns(first_three(crowd())).await;
                offers.sort();
                offers.extend(with_late_turns(first_three(offers_alike())).await);
                offers
            },
            judged(
                right_and_in_time,
                "Before your code gets its next turn, hundreds of replies may come. A full queue drops a reply: `try_send` returns an error then, \
                 and a `broadcast` channel forgets the oldest. With `send(..).await`, the sender waits for a place.",
            ),
        )
        .stops_with_its_caller(
            [(0, insurers), (150, insurers), (310, insurers), (380, insurers)],
            "A timeout drops your future in the middle, and no line of yours runs then: so an `abort` after the loop never happens. Let an owner hold the tasks (`JoinSet`, \
             `AbortOnDropHandle`): it aborts them when it is dropped. Or spawn no tasks.",
        )
        .check(
            "passes on that a call panicked, or does without it",
            async |first_three| {
                let mut wrong = None;
                for (after, right) in [(331, ["Fir", "Beech", "Elm"]), (501, ["Fir", "Beech", "Elm"])] {
                    let offers = unless_it_panics(first_three(one_panics(after))).await;
                    wrong = wrong.or(offers.filter(|offers| *offers != right));
                }
                wrong
            },
            |mine, _| mine.hides_no_panic(|offers| Some(words(offers))),
        )
}

fn asks_all_once(mine: &Run<Offers>, possible: &Run<Offers>) -> Judgement {
    const WHY: &str = "You cannot know in advance which insurer answers first, so ask all, each once. \
        A future that is not polled has not asked yet. With a limit, or with one `.await` after the other, quick insurers wait for slow ones.";
    mine.made_all_calls_at_once(possible, "", WHY)
}

/// Of two offers that come at the same instant, an answer may take either.
fn any_three_of_the_first(mine: &Run<Offers>, possible: &Run<Offers>) -> Judgement {
    const WHY: &str = "Several offers may come at the same instant. If you take all that are ready, you may take \
        too many. A signal that does not count (`notify_waiters`, `watch`) announces only one.";
    with_the_third(mine, possible, WHY)?;
    let offers = &mine.output;
    let came = |offer: &String| mine.recording.lane(offer).and_then(|lane| lane.closed);
    let twice = (1..offers.len()).any(|at| offers[..at].contains(&offers[at]));
    if offers.len() == possible.output.len() && offers.iter().map(came).is_sorted() && !twice {
        return Ok(());
    }
    fault(
        format!(
            "You returned {}. Two came after 311 ms, and two more after 531 ms. You need one of the last two.",
            words(offers)
        ),
        WHY,
    )
}

/// This judge, with these words.
fn judged(
    judge: fn(&Run<Offers>, &Run<Offers>, &str) -> Judgement,
    why: &'static str,
) -> impl Fn(&Run<Offers>, &Run<Offers>) -> Judgement {
    move |mine, possible| judge(mine, possible, why)
}

fn with_the_third(mine: &Run<Offers>, possible: &Run<Offers>, why: &str) -> Judgement {
    if mine.took() <= possible.took() {
        return Ok(());
    }
    let (mine, possible) = (mine.took() / 1_000, possible.took() / 1_000);
    fault(format!("The third offer was there after {possible} ms, and your answer returned after {mine} ms."), why)
}

fn what_there_is(mine: &Run<Offers>, possible: &Run<Offers>) -> Judgement {
    const WHY: &str = "There may be two offers, or none, or no insurer at all. Then all calls end before a third offer. \
        A stream returns `None` at its end, and at every later poll. Until then, wait also for a slow offer.";
    returns_what_is_right(mine, possible, WHY)?;
    mine.made_the_calls_of(possible, WHY)?;
    mine.as_quick_as(possible, WHY)?;
    mine.leaves_nothing_running("All insurers have answered, and this task still runs. End it, or do not start it.")
}

fn right_and_in_time(mine: &Run<Offers>, possible: &Run<Offers>, why: &str) -> Judgement {
    with_the_third(mine, possible, why)?;
    mine.made_the_calls_of(possible, why)?;
    returns_what_is_right(mine, possible, why)
}

fn returns_what_is_right(mine: &Run<Offers>, possible: &Run<Offers>, why: &str) -> Judgement {
    mine.returns_what_is_right(possible, words, why)
}

fn words(offers: &Offers) -> String {
    if offers.is_empty() { "no offers".to_owned() } else { format!("[{}]", listed(offers)) }
}
