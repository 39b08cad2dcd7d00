//! The checks of `streams/pages`.

use std::process::ExitCode;

use exam::{Exam, Failure, Judgement, LaneExt, Reply, Run, Service, fault, listed, ms, unless_it_panics};
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
        .check("fetches each page once", async |items| read(&mut items(animals()).await).await, |mine, possible| {
            mine.made_the_calls_of(possible, "Keep the items of a page until the reader has taken them. The empty page is the last page that you fetch.")
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
        .check(
            "fetches no page before the reader asks for its first item",
            async |items| {
                let mut stream = items(animals()).await;
                let first = (&mut stream).take(2).collect::<Vec<_>>().await;
                sleep(ms(500)).lane("the reader has enough").await;
                first
            },
            |mine, possible| {
                mine.made_the_calls_of(possible, "The reader has read page 1 and wants no more. You fetched later pages for nothing.")?;
                mine.returns_each_in_its_place(possible, word, "The reader asked for two items.")
            },
        );
    to_the_end(exam).verdict()
}

fn to_the_end(exam: Exam<Catalogue, Items>) -> Exam<Catalogue, Items> {
    const DROPPED: &str = "The stream was dropped while it fetched page 2. A future that you await inside the stream is dropped with it. A task is not.";
    exam.check("yields a failure as its last item", async |items| [read(&mut items(torn(fails())).await).await, read(&mut items(torn_at_once()).await).await].concat(), |mine, possible| {
        mine.returns_each_in_its_place(
            possible,
            word,
            "The reader must learn that the list is not complete. Items after the gap would look like the next ones.",
        )?;
        mine.made_the_calls_of(possible, "After a failure the stream is over.")
    })
    .check("stays at its end", async |items| [after_the_end(items(animals()).await).await, after_the_end(items(torn(fails())).await).await].concat(), stays)
    .check(
        "stops when the reader drops it",
        async |items| {
            let mut stream = items(animals()).await;
            let _given_up = timeout(ms(150), stream.by_ref().collect::<Vec<_>>()).await;
            drop(stream);
            sleep(ms(20)).lane("the reader goes on").await;
        },
        |mine, _| mine.leaves_nothing_running(DROPPED),
    )
    .check(
        "passes on that a call panicked",
        async |items| unless_it_panics(async { read(&mut items(panics_once()).await).await }).await,
        |mine, _| {
            mine.hides_no_panic(|items| Some(format!("{} items", items.len())))
        },
    )
    .check("reads a long list", async |items| read(&mut items(long()).await).await, |mine, possible| {
        mine.returns_each_in_its_place(possible, word, "Set no limits: the catalogue decides how many pages there are, how many items a page has, and how long it takes. Items may be equal.")
    })
}

/// Reads to the end, or for a while if the stream does not end.
async fn read(items: &mut Items) -> Vec<Item> {
    items.take(5_000).collect().await
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

fn catalogue<const N: usize>(pages: [Reply; N]) -> Catalogue {
    let empty = Service::new("page", Reply::ok(ms(100), ""));
    Catalogue((1..).zip(pages).fold(empty, |pages, (number, page)| pages.on(number.to_string(), page)))
}

fn animals() -> Catalogue {
    catalogue(["ant bee", "cat dog", "eel"].map(|page| Reply::ok(ms(100), page)))
}

fn short() -> Catalogue {
    catalogue(["ant bee", "cat", "dog eel"].map(|page| Reply::ok(ms(100), page)))
}

fn fails() -> Reply {
    Reply::err(ms(100), "2 is torn")
}

/// This is its second page.
fn torn(second: Reply) -> Catalogue {
    catalogue([Reply::ok(ms(100), "ant bee"), second, Reply::ok(ms(100), "dog eel")])
}

fn torn_at_once() -> Catalogue {
    catalogue([Reply::err(ms(100), "1 is torn"), Reply::ok(ms(100), "cat")])
}

/// Its second page panics, but a second fetch of it succeeds.
fn panics_once() -> Catalogue {
    let Catalogue(pages) = torn(Reply::panics(ms(100), "counts below zero"));
    Catalogue(pages.on("2", Reply::ok(ms(100), "cat")))
}

/// Each item comes twice in a row and once more at the end, where a page has all of them, and takes fifty minutes.
fn long() -> Catalogue {
    let items = std::array::from_fn::<_, 1_200, _>(|page| format!("item-{}", page / 2));
    let Catalogue(pages) = catalogue(items.each_ref().map(|item| Reply::ok(ms(100), item)));
    Catalogue(pages.on("1201", Reply::ok(ms(3_000_000), items.join(" "))))
}

fn word(item: &Item) -> String {
    match item {
        Ok(item) => format!("`{item}`"),
        Err(failure) => format!("the failure `{failure}`"),
    }
}
