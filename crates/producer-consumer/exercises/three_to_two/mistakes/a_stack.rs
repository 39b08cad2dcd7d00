//! "A `Vec` with a semaphore for its places is also a queue": it is a stack, and under load the oldest item waits as long as there is a newer one.
//!
//! Caught by: takes the items in the order in which they came

use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use exam::{Failure, Service};
use futures::StreamExt;
use futures::future::join_all;
use futures::stream::BoxStream;
use tokio::sync::Semaphore;

pub async fn three_to_two(sources: [BoxStream<'static, String>; 3], work: Service) -> Vec<Result<String, Failure>> {
    let stack = Stack {
        places: Semaphore::new(2),
        items: Mutex::default(),
        filled: Semaphore::new(0),
        open: AtomicUsize::new(3),
    };
    let producers = join_all(sources.map(|source| stack.produce(source)));
    let (_, one, other) = tokio::join!(producers, stack.consume(&work), stack.consume(&work));
    [one, other].concat()
}

struct Stack {
    places: Semaphore,
    items: Mutex<Vec<String>>,
    filled: Semaphore,
    open: AtomicUsize,
}

impl Stack {
    async fn produce(&self, mut source: BoxStream<'static, String>) {
        while let Some(item) = source.next().await {
            self.places.acquire().await.unwrap().forget();
            self.items.lock().unwrap().push(item);
            self.filled.add_permits(1);
        }
        if self.open.fetch_sub(1, Ordering::SeqCst) == 1 {
            self.filled.add_permits(2);
        }
    }

    async fn consume(&self, work: &Service) -> Vec<Result<String, Failure>> {
        let mut results = Vec::new();
        loop {
            self.filled.acquire().await.unwrap().forget();
            let Some(item) = self.items.lock().unwrap().pop() else { return results };
            self.places.add_permits(1);
            results.push(work.call(&item).await);
        }
    }
}
