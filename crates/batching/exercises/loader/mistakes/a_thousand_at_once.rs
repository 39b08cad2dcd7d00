//! "A thousand calls of the store at once are enough": the next batch waits for its turn.
//!
//! Caught by: asks the store for hundreds of batches at once

use std::collections::BTreeSet;
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
    batches.for_each_concurrent(1_024, |batch| answer(batch, &store)).await;
}

async fn answer(mut batch: Vec<Call>, store: &Store) {
    batch.retain(|call| !call.reply.is_closed());
    let ids: BTreeSet<u32> = batch.iter().map(|call| call.id).collect();
    if ids.is_empty() {
        return;
    }
    let records = store.fetch(ids.into_iter().collect()).await;
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
