//! "I leave out the ids of callers that left": another caller of the batch wants the same id.
//!
//! Caught by: asks for an id that another caller still wants

use std::collections::BTreeSet;
use std::time::Duration;

use futures::StreamExt;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::given::{Call, Store};

pub async fn serve(calls: mpsc::Receiver<Call>, store: Store) {
    let batches = tokio_stream::StreamExt::chunks_timeout(ReceiverStream::new(calls), 3, Duration::from_millis(20));
    // This takes the next batch while the store works.
    batches.for_each_concurrent(None, |batch| answer(batch, &store)).await;
}

async fn answer(mut batch: Vec<Call>, store: &Store) {
    let left: BTreeSet<u32> = batch.iter().filter(|call| call.reply.is_closed()).map(|call| call.id).collect();
    batch.retain(|call| !left.contains(&call.id));
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
