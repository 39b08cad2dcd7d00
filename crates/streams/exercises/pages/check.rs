//! The checks of `streams/pages`.

use std::process::ExitCode;

use exam::{
    Call, Exam, Failure, Judgement, Lane, LaneExt, Reply, Run, Service, fault, listed, ms, seconds, unless_it_panics,
};
use futures::StreamExt;
use futures::stream::BoxStream;
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::Catalogue;

type Item = Result<String, Failure>;
type Items = BoxStream<'static, Item>;

fn main() -> ExitCode {
    let exam = Exam::new("streams/pages", async |catalogue| solution::items(catalogue), async |catalogue| answer::items(catalogue))
        .check("yields every item in order", async |items| read(&mut items(animals()).await).await, |mine, possible| {
            mine.returns_each_in_its_place(possible, word, "The last page before the empty one is short. Its items also count.")
        })
        .check("ends at the empty page, and not at a short one", async |items| read(&mut items(short()).await).await, |mine, possible| {
            mine.returns_each_in_its_place(
                possible,
                word,
                "A server may send fewer items than you expect, and more on the next page. Only an empty page ends the list.",
            )
        })
        .check("fetches each page once", async |items| [read(&mut items(animals()).await).await, read(&mut items(catalogue([])).await).await], |mine, possible| {
            mine.made_the_calls_of(possible, "Keep the items of a page until the reader has taken them. The empty page is the last page that you fetch, even if it is page 1.")
        })
        .check(
            "fetches nothing before the reader asks",
            async |items| {
                let stream = items(animals()).await;
                sleep(ms(500)).lane("the reader waits").await;
                drop(stream);
            },
            |mine, possible| {
                mine.made_the_calls_of(
                    possible,
                    "The reader has not asked for anything yet. A task starts when you spawn it. A stream starts when it is polled.",
                )
            },
        )
        .check("fetches no page before the reader asks for its first item", slowly, |mine, possible| {
            asks_in_time(mine, possible)?;
            mine.returns_each_in_its_place(possible, word, "The reader took all items, with a pause after each.")
        });
    to_the_end(exam).verdict()
}

fn to_the_end(exam: Exam<Catalogue, Items>) -> Exam<Catalogue, Items> {
    const DROPPED: &str = "A stream was dropped while it fetched a page. A future that you await inside the stream is dropped with it. A task is not.";
    exam.check("yields a failure as its last item", async |items| [read(&mut items(torn()).await).await, read(&mut items(torn_at_once()).await).await].concat(), |mine, possible| {
        mine.returns_each_in_its_place(
            possible,
            word,
            "The reader must learn that the list is not complete. Items after the gap would look like the next ones.",
        )?;
        mine.made_the_calls_of(possible, "After a failure the stream is over.")
    })
    .check("stays at its end", async |items| [after_the_end(items(animals()).await).await, after_the_end(items(torn()).await).await].concat(), stays)
    .check(
        "stops when the reader drops it",
        async |items| {
            // Three readers leave at the same moment. One waits for page 1 then, one for page 2, and one for page 3.
            let leaves = async |page: u64| {
                sleep(ms(300 - 100 * page)).await;
                let mut stream = items(animals()).await;
                _ = timeout(ms(100 * page - 50), stream.by_ref().collect::<Vec<_>>()).await;
            };
            tokio::join!(leaves(1), leaves(2), leaves(3));
            sleep(ms(20)).lane("the reader goes on").await;
        },
        |mine, _| mine.leaves_nothing_running(DROPPED),
    )
    .check(
        "passes on that a call panicked",
        async |items| {
            for number in 1..=3 {
                let read = unless_it_panics(async { read(&mut items(panics_once(number)).await).await }).await;
                if read.is_some() {
                    return read;
                }
            }
            None
        },
        |mine, _| {
            mine.hides_no_panic(|items| Some(format!("{} items", items.len())))
        },
    )
    .check("keeps two streams apart", async |items| two(items(animals()).await, items(short()).await).await, |mine, possible| {
        mine.returns_each_in_its_place(possible, word, "Two readers read two catalogues in turns. Keep the number of the next page in the stream, and not in a `static`.")
    })
    .check("reads a long list", async |items| read(&mut items(long()).await).await, |mine, possible| {
        mine.returns_each_in_its_place(possible, word, "Here are 5000 pages, and one of them takes 50 minutes. Items may be equal. In your answer, look for a number, a `timeout`, or a function that calls itself for each page.")
    })
}

/// Reads to the end, or for a while if the stream does not end.
async fn read(items: &mut Items) -> Vec<Item> {
    items.take(15_000).collect().await
}

/// Reads to the end, with a pause after each item, and so also before each page.
async fn slowly(items: Call<Catalogue, Items>) -> Vec<Item> {
    let mut stream = items(animals()).await;
    let mut read = Vec::new();
    while let Some(item) = stream.next().await {
        read.push(item);
        sleep(ms(500)).lane("the reader is busy").await;
    }
    read
}

/// Reads from both in turns. The items of the first come first in the list.
async fn two(mut one: Items, mut other: Items) -> Vec<Item> {
    let mut read = [Vec::new(), Vec::new()];
    while let (Some(first), Some(second)) = (one.next().await, other.next().await) {
        read[0].push(first);
        read[1].push(second);
    }
    read.concat()
}

fn asks_in_time(mine: &Run<Vec<Item>>, possible: &Run<Vec<Item>>) -> Judgement {
    const WHY: &str = "The reader may want no more, and then you fetched a page for nothing. Fetch it when the reader asks for its first item.";
    for right in possible.calls("page") {
        let call = mine.calls("page").find(|call| call.name == right.name);
        if let (Some(at), Some(right_at)) = (call.and_then(Lane::started), right.started())
            && at != right_at
        {
            let (name, at, right_at) = (&right.name, seconds(at), seconds(right_at));
            return fault(
                format!("Your stream fetched {name} at {at}. The reader asked for its first item at {right_at}."),
                WHY,
            );
        }
    }
    mine.made_the_calls_of(possible, WHY)
}

/// The items that come after the end.
async fn after_the_end(mut items: Items) -> Vec<Item> {
    read(&mut items).await;
    let more = [items.next().await, items.next().await];
    more.into_iter().flatten().collect()
}

fn stays(mine: &Run<Vec<Item>>, _: &Run<Vec<Item>>) -> Judgement {
    if mine.output.is_empty() {
        return Ok(());
    }
    let words: Vec<_> = mine.output.iter().map(word).collect();
    fault(
        format!("After its end, your stream yielded {}.", listed(&words)),
        "The reader may ask again. Return `None` each time.",
    )
}

/// Page 1, page 2, and so on. A page has several replies, if a second fetch finds another one.
fn catalogue(pages: impl IntoIterator<Item = Vec<Reply>>) -> Catalogue {
    let mut service = Service::new("page", Reply::ok(ms(100), ""));
    for (number, replies) in (1..).zip(pages) {
        service = replies.into_iter().fold(service, |service, reply| service.on(number.to_string(), reply));
    }
    Catalogue(service)
}

fn good(text: &str) -> Vec<Reply> {
    vec![Reply::ok(ms(100), text)]
}

fn animals() -> Catalogue {
    catalogue(["bee ant", "dog cat", "eel"].map(good))
}

fn short() -> Catalogue {
    catalogue(["ant bee", "cat", "dog eel"].map(good))
}

/// Its second page fails.
fn torn() -> Catalogue {
    catalogue([good("ant bee"), vec![Reply::err(ms(100), "2 is torn")], good("dog eel")])
}

fn torn_at_once() -> Catalogue {
    catalogue([vec![Reply::err(ms(100), "1 is torn")], good("cat")])
}

/// This page panics, but a second fetch of it succeeds.
fn panics_once(number: usize) -> Catalogue {
    let mut pages = ["bee ant", "dog cat", "eel"].map(good);
    pages[number - 1].insert(0, Reply::panics(ms(100), "counts below zero"));
    catalogue(pages)
}

/// Each item comes twice in a row and once more at the end, where a page has all of them, and takes fifty minutes.
fn long() -> Catalogue {
    let items: Vec<_> = (0..4_999).map(|page| format!("item-{}", page / 2)).collect();
    let last = vec![Reply::ok(ms(3_000_000), items.join(" "))];
    catalogue(items.iter().map(|item| vec![Reply::ok(ms(10), item)]).chain([last]))
}

fn word(item: &Item) -> String {
    match item {
        Ok(item) => format!("`{item}`"),
        Err(failure) => format!("the failure `{failure}`"),
    }
}
