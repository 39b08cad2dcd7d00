//! How often the futures of a gathering are polled.

use std::future::poll_fn;
use std::pin::pin;

use futures::StreamExt;
use futures::future::join_all;
use futures::stream::FuturesUnordered;
use tokio::sync::{mpsc, oneshot};

use super::*;

/// Counts the polls of futures.
#[derive(Clone, Default)]
pub(super) struct Polls(Arc<AtomicU64>);

impl Polls {
    pub(super) fn count<F: Future>(&self, future: F) -> impl Future<Output = F::Output> + use<F> {
        let polls = self.clone();
        async move {
            let mut future = pin!(future);
            poll_fn(|context| {
                polls.0.fetch_add(1, Relaxed);
                future.as_mut().poll(context)
            })
            .await
        }
    }

    pub(super) fn get(&self) -> u64 {
        self.0.load(Relaxed)
    }
}

/// Gathers so many futures in a task, wakes them one after another, and compares how often they are polled.
#[track_caller]
fn are_polled<F>(count: u64, expected: u64, gather: impl Fn(Vec<BoxFuture<'static, ()>>) -> F)
where
    F: Future<Output: Send> + Send + 'static,
{
    everywhere(|world| {
        let polls = Polls::default();
        world.run(async {
            let (wakers, futures): (Vec<_>, Vec<_>) = (0..count)
                .map(|_| {
                    let (waker, woken) = oneshot::channel::<()>();
                    (waker, polls.count(async { woken.await.unwrap() }).boxed())
                })
                .unzip();
            let (polled, mut was_polled) = mpsc::unbounded_channel();
            let mut gathering = Box::pin(gather(futures));
            let gathering = tokio::spawn(poll_fn(move |context| {
                let poll = gathering.as_mut().poll(context);
                polled.send(()).unwrap();
                poll.map(drop)
            }));
            was_polled.recv().await.unwrap();
            for waker in wakers {
                waker.send(()).unwrap();
                was_polled.recv().await.unwrap();
            }
            gathering.await.unwrap();
        });
        assert_eq!(polls.get(), expected);
    });
}

#[test]
fn join_all_of_up_to_30_polls_every_future_at_each_wake() {
    let one_fewer_at_each_wake: u64 = (1..=30).sum();
    are_polled(30, 30 + one_fewer_at_each_wake, join_all);
}

#[test]
fn join_all_of_more_than_30_polls_only_the_woken() {
    are_polled(31, 31 + 31, join_all);
}

#[test]
fn futures_unordered_polls_only_the_woken() {
    are_polled(30, 30 + 30, |futures| futures.into_iter().collect::<FuturesUnordered<_>>().count());
}
