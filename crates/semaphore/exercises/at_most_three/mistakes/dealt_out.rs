//! "Three workers, each with a third of the list": a worker that has finished does not help the others.
//!
//! Caught by: fetches the next page as soon as another one has ended

use exam::{Failure, Service};
use futures::future::join_all;

pub async fn at_most_three(pages: Vec<String>, fetch: Service) -> Vec<Result<String, Failure>> {
    let mut done: Vec<_> = join_all((0..3).map(async |worker| {
        let mut done = Vec::new();
        for (number, page) in pages.iter().enumerate().skip(worker).step_by(3) {
            done.push((number, fetch.call(page).await));
        }
        done
    }))
    .await
    .concat();
    done.sort_by_key(|(number, _)| *number);
    done.into_iter().map(|(_, result)| result).collect()
}
