//! What the checks of `one-shot/ask_the_actor` play.

use std::iter::repeat_n;
use std::rc::Rc;
use std::task::Poll;

use exam::{Call, LaneExt, Reply, Service, ms};
use futures::future::{LocalBoxFuture, join_all};
use futures::poll;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};

use super::given::{Gone, Ticket};

pub(super) type Booked = Result<Ticket, Gone>;

/// An office: the reader's or the solution's.
pub(super) struct Opened {
    pub(super) book: Rc<dyn Fn(&'static str) -> LocalBoxFuture<'static, Booked>>,
    pub(super) task: JoinHandle<()>,
}

impl Opened {
    pub(super) fn new<F>(task: JoinHandle<()>, book: impl Fn(&'static str) -> F + 'static) -> Self
    where
        F: Future<Output = Booked> + 'static,
    {
        let book = Rc::new(move |caller: &'static str| -> LocalBoxFuture<'static, Booked> {
            Box::pin(book(caller).try_lane(format!("{caller} asks")))
        });
        Self { book, task }
    }

    /// All of these ask at the same time, in this order.
    async fn book_all(&self, callers: impl IntoIterator<Item = &'static str>) -> Vec<Booked> {
        join_all(callers.into_iter().map(|caller| (self.book)(caller))).await
    }
}

pub(super) type Open = Call<Service, Opened>;

/// The first caller has the slowest look-up, and two callers have the same name.
fn names() -> Service {
    Service::new("names", Reply::ok(ms(100), "nobody known"))
        .on("Ada", Reply::ok(ms(900), "Ada Lovelace"))
        .on("Ada", Reply::ok(ms(300), "Ada Yonath"))
        .on("Ben", Reply::ok(ms(200), "Ben Bova"))
        .on("Cleo", Reply::ok(ms(600), "Cleo Laine"))
}

pub(super) async fn four(open: Open) -> Vec<Booked> {
    open(names()).await.book_all(["Ada", "Ben", "Cleo", "Ada"]).await
}

/// Questions come while look-ups end: one every 7 ms, and then many at the same time.
pub(super) async fn a_hundred(open: Open) -> Vec<Booked> {
    let office = open(names()).await;
    let one = async |number| {
        sleep(ms(7 * number)).await;
        (office.book)(if number % 3 == 0 { "Ben" } else { "Dan" }).await
    };
    let mut booked = join_all((0..40_u64).map(one)).await;
    booked.extend(office.book_all(repeat_n("Ben", 100)).await);
    booked
}

pub(super) async fn two_thousand(open: Open) -> Vec<Booked> {
    let office = open(names()).await;
    let mut booked = office.book_all(repeat_n("Ben", 2_000)).await;
    sleep(ms(10)).await;
    booked.extend(office.book_all(["Dan"]).await);
    booked
}

/// Four callers. When no look-up is left, nothing comes for as long as the task says, and then another caller.
pub(super) async fn after_a_pause(open: Open) -> Vec<Booked> {
    let office = open(names()).await;
    let mut booked = office.book_all(["Ada", "Ben", "Cleo", "Ada"]).await;
    sleep(ms(3_000_000)).await;
    booked.extend(office.book_all(["Ben"]).await);
    booked
}

pub(super) async fn odd(open: Open) -> Vec<Booked> {
    let names = Service::new("names", Reply::err(ms(50), "are on paper"))
        .on("Ada", Reply::err(ms(100), "of Ada are lost"))
        .on("Ada", Reply::ok(ms(100), "Ada Yonath"))
        .on("Ben", Reply::ok(ms(200), ""))
        .on(" Dan ", Reply::ok(ms(300), "Dan Simmons"))
        .on("Cleo", Reply::ok(ms(3_000_000), " Cleo Laine "));
    open(names).await.book_all(["Ada", "Ben", " Dan ", "Cleo"].into_iter().chain(repeat_n("Fay", 20))).await
}

pub(super) async fn one_leaves_before(open: Open) -> Vec<Booked> {
    let office = open(names()).await;
    let mut ada = (office.book)("Ada");
    let asked = poll!(&mut ada);
    drop(ada);
    let mut booked = vec![if let Poll::Ready(booked) = asked { booked } else { Err(Gone) }];
    booked.extend(office.book_all(["Ben", "Cleo"]).await);
    booked
}

pub(super) async fn one_leaves_meanwhile(open: Open) -> Vec<Booked> {
    let office = open(names()).await;
    let ada = || timeout(ms(100), (office.book)("Ada"));
    let (_left, cleo, _last) = futures::join!(ada(), (office.book)("Cleo"), ada());
    sleep(ms(400)).lane("the office goes on").await;
    let mut booked = vec![cleo];
    booked.extend(office.book_all(["Ben", "Dan"]).await);
    booked
}

pub(super) async fn the_last_handle_goes(open: Open) {
    let Opened { book, task } = open(names()).await;
    let _booked = book("Ben").await;
    drop(book);
    let _ended = task.try_lane("the task").await;
}

pub(super) async fn it_is_aborted(open: Open) -> Vec<Booked> {
    let office = open(names()).await;
    let abort = async {
        sleep(ms(250)).await;
        // The task has not received this question when it is aborted.
        let mut dan = (office.book)("Dan");
        let asked = poll!(&mut dan);
        office.task.abort();
        if let Poll::Ready(booked) = asked { booked } else { dan.await }
    };
    let (mut booked, dan) = futures::join!(office.book_all(["Ada", "Ben", "Cleo"]), abort);
    booked.push(dan);
    booked.extend(office.book_all(["Ben"]).await);
    booked
}
