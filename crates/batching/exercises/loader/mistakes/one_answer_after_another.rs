//! "First come, first served": quick answers wait for a slow one before them.
//!
//! Caught by: keeps late answers and odd texts

use std::collections::BTreeSet;
use std::time::Duration;

use exam::Failure;
use futures::StreamExt;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;

use super::given::{Call, Record, Store};

pub async fn serve(calls: mpsc::Receiver<Call>, store: Store) {
    let batches = tokio_stream::StreamExt::chunks_timeout(ReceiverStream::new(calls), 3, Duration::from_millis(20));
    let asked = batches.map(|batch| ask(batch, &store)).buffered(10_000);
    asked.for_each(async |(batch, records)| deliver(batch, records)).await;
}

type Records = Result<Vec<Record>, Failure>;

async fn ask(mut batch: Vec<Call>, store: &Store) -> (Vec<Call>, Records) {
    batch.retain(|call| !call.reply.is_closed());
    let ids: BTreeSet<u32> = batch.iter().map(|call| call.id).collect();
    if ids.is_empty() {
        return (batch, Ok(Vec::new()));
    }
    let records = store.fetch(ids.into_iter().collect()).await;
    (batch, records)
}

fn deliver(batch: Vec<Call>, records: Records) {
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
