//! "The first record is for the first caller": the store returns them in its own order.
//!
//! Caught by: gives each caller its own record

use std::collections::BTreeSet;
use std::time::Duration;

use futures::StreamExt;
use futures::stream::FuturesUnordered;
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use super::given::{Call, Store};

pub async fn serve(mut calls: mpsc::Receiver<Call>, store: Store) {
    let (mut batch, mut deadline, mut open) = (Vec::new(), Instant::now(), true);
    let mut asked = FuturesUnordered::new();
    while open || !asked.is_empty() {
        let full = tokio::select! {
            biased;
            call = calls.recv(), if open => match call {
                Some(call) => {
                    if batch.is_empty() {
                        deadline = Instant::now() + Duration::from_millis(20);
                    }
                    batch.push(call);
                    batch.len() == 3
                }
                None => {
                    open = false;
                    true
                }
            },
            () = sleep_until(deadline), if !batch.is_empty() => true,
            Some(()) = asked.next() => false,
        };
        if full {
            asked.push(answer(std::mem::take(&mut batch), &store));
        }
    }
}

async fn answer(mut batch: Vec<Call>, store: &Store) {
    batch.retain(|call| !call.reply.is_closed());
    let ids: BTreeSet<u32> = batch.iter().map(|call| call.id).collect();
    if ids.is_empty() {
        return;
    }
    let records = store.fetch(ids.into_iter().collect()).await;
    for (place, Call { reply, .. }) in batch.into_iter().enumerate() {
        let own = match &records {
            Ok(records) => records.get(place).map(|record| record.text.clone()),
            Err(failure) => {
                _ = reply.send(Err(failure.clone()));
                continue;
            }
        };
        // The store has a record for every id.
        _ = reply.send(Ok(own.unwrap_or_default()));
    }
}
