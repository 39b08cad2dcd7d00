//! "After twenty failures, the store is broken for good": the answer ends, and later callers get nothing.
//!
//! Caught by: goes on after many failures

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use futures::StreamExt;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::given::{Call, Store};

/// Answers all calls, at most three with one call of the store. A batch waits for 20 ms at most.
///
/// Returns when the channel has ended and all answers are delivered.
pub async fn serve(calls: mpsc::Receiver<Call>, store: Store) {
    let batches = tokio_stream::StreamExt::chunks_timeout(ReceiverStream::new(calls), 3, Duration::from_millis(20));
    // This takes the next batch while the store works.
    let failures = AtomicU32::new(0);
    let few = |_: &Vec<Call>| std::future::ready(failures.load(SeqCst) < 20);
    batches.take_while(few).for_each_concurrent(None, |batch| answer(batch, &store, &failures)).await;
}

async fn answer(mut batch: Vec<Call>, store: &Store, failures: &AtomicU32) {
    batch.retain(|call| !call.reply.is_closed());
    let ids: BTreeSet<u32> = batch.iter().map(|call| call.id).collect();
    if ids.is_empty() {
        return;
    }
    let records = store.fetch(ids.into_iter().collect()).await;
    failures.fetch_add(u32::from(records.is_err()), SeqCst);
    for Call { id, reply } in batch {
        let own = match &records {
            Ok(records) => records.iter().find(|record| record.id == id).map(|record| record.text.clone()),
            Err(failure) => {
                _ = reply.send(Err(failure.clone()));
                continue;
            }
        };
        // The store has a record for every id.
        _ = reply.send(Ok(own.unwrap_or_default()));
    }
}
