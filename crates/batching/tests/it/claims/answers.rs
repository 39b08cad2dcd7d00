//! Who gets which answer.

use std::hash::{Hash, Hasher};
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use futures::future::join_all;

use super::*;

/// What two callers get from a backend that answers like this.
async fn two_callers<F>(make: Make, answer: impl Fn(Vec<u32>) -> F + Send + 'static) -> [Result<u32, Failed<Error>>; 2]
where
    F: Future<Output = Rows> + Send + 'static,
{
    let (ids, work) = make(2, FOR_EVER, Asked::default().then(answer));
    let (first, second) = (ids.load(1), ids.load(2));
    drop(ids);
    let ((), first, second) = tokio::join!(work, first, second);
    [first, second]
}

#[test]
fn each_caller_gets_the_row_of_its_key_in_whatever_order_the_rows_come() {
    everywhere(|world| assert_eq!(world.run(two_callers(right, async |ids| rows(ids))), [Ok(10), Ok(20)]));
}

#[test]
fn the_naive_loader_gives_out_the_rows_by_position() {
    everywhere(|world| assert_eq!(world.run(two_callers(wrong, async |ids| rows(ids))), [Ok(20), Ok(10)]));
}

#[test]
fn a_key_without_a_row_is_missing_for_its_caller_only() {
    everywhere(|world| {
        let answers = world.run(two_callers(right, async |_| Ok(vec![(2, 20)])));
        assert_eq!(answers, [Err(Failed::Missing), Ok(20)]);
    });
}

#[test]
fn an_error_reaches_every_caller_of_its_batch() {
    everywhere(|world| {
        let answers = world.run(two_callers(right, async |_| Err("down")));
        assert_eq!(answers, [Err(Failed::Backend("down")), Err(Failed::Backend("down"))]);
    });
}

#[test]
fn the_naive_loader_gives_an_error_to_the_first_caller_only() {
    everywhere(|world| {
        let answers = world.run(two_callers(wrong, async |_| Err("down")));
        assert_eq!(answers, [Err(Failed::Backend("down")), Err(Failed::Missing)]);
    });
}

#[test]
fn a_failure_says_in_words_what_happened() {
    let failures = [Failed::Backend("down"), Failed::Missing, Failed::Gone];
    let words = failures.map(|failed| failed.to_string());
    assert_eq!(words, ["down", "there is no such row", "the loader is gone"]);
}

#[test]
fn an_error_of_one_batch_leaves_the_next_one_alone() {
    everywhere(|world| {
        let backend = Asked::default().then(async |ids| if ids == [1] { Err("down") } else { rows(ids) });
        let answers = world.run(async {
            let (ids, work) = right(1, FOR_EVER, backend);
            let (first, second) = (ids.load(1), ids.load(2));
            drop(ids);
            let ((), first, second) = tokio::join!(work, first, second);
            [first, second]
        });
        assert_eq!(answers, [Err(Failed::Backend("down")), Ok(20)]);
    });
}

#[test]
fn a_caller_who_leaves_during_the_call_changes_nothing_for_the_others() {
    everywhere(|world| {
        let gate = Arc::new(Semaphore::new(0));
        let opens = Arc::clone(&gate);
        let backend = Asked::default().then(move |ids| {
            let gate = Arc::clone(&opens);
            async move {
                gate.acquire().await.unwrap().forget();
                rows(ids)
            }
        });
        world.run(async {
            let (ids, work) = right(2, FOR_EVER, backend);
            let (leaves, stays) = (ids.load(1), ids.load(2));
            drop(ids);
            let leaves = async {
                timeout(ms(5), leaves).await.unwrap_err();
                gate.add_permits(1);
            };
            let ((), (), stays) = tokio::join!(work, leaves, stays);
            assert_eq!(stays, Ok(20));
        });
    });
}

#[test]
fn a_panic_of_the_backend_is_a_panic_of_the_work_and_the_callers_get_gone() {
    everywhere(|world| {
        let backend = Asked::default().then(async |_| panic!("the backend"));
        world.run(async {
            let (ids, work) = right(1, FOR_EVER, backend);
            let work = tokio::spawn(work);
            assert_eq!(ids.load(1).await, Err(Failed::Gone));
            assert!(work.await.unwrap_err().is_panic());
            assert_eq!(ids.load(2).await, Err(Failed::Gone));
        });
    });
}

#[test]
fn if_the_work_is_aborted_its_calls_are_dropped_and_the_callers_get_gone() {
    everywhere(|world| {
        let asked = Asked::default();
        let hangs = asked.then(|_| pending::<Rows>().try_lane("hangs"));
        let ((), recording) = world.record(async {
            let (ids, work) = right(1, FOR_EVER, hangs);
            let work = tokio::spawn(work);
            let caller = tokio::spawn(ids.load(1));
            asked.until(1).await;
            work.abort();
            assert_eq!(caller.await.unwrap(), Err(Failed::Gone));
            assert!(work.await.unwrap_err().is_cancelled());
            assert_eq!(ids.load(2).await, Err(Failed::Gone));
        });
        assert_eq!(recording.cancelled(), ["hangs"]);
    });
}

tokio::task_local! {
    static USER: u32;
}

#[test]
fn the_backend_does_not_see_the_task_locals_of_a_caller() {
    everywhere(|world| {
        let seen = Arc::new(Mutex::new(None));
        let notes = Arc::clone(&seen);
        let backend = Asked::default().then(move |ids| {
            *notes.lock().unwrap() = Some(USER.try_with(|user| *user).is_ok());
            async move { rows(ids) }
        });
        world.run(async {
            let (ids, work) = right(1, FOR_EVER, backend);
            tokio::spawn(work);
            assert_eq!(USER.scope(5, ids.load(1)).await, Ok(10));
        });
        assert_eq!(*seen.lock().unwrap(), Some(false));
    });
}

static COMPARED: AtomicUsize = AtomicUsize::new(0);

/// A key that counts its comparisons.
#[derive(Clone, Debug)]
struct Counted(u32);

impl PartialEq for Counted {
    fn eq(&self, other: &Self) -> bool {
        COMPARED.fetch_add(1, Relaxed);
        self.0 == other.0
    }
}

impl Eq for Counted {}

impl Hash for Counted {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

#[test]
fn a_large_batch_is_answered_with_a_few_comparisons_for_each_caller() {
    const CALLERS: u32 = 1_000;
    everywhere(|world| {
        COMPARED.store(0, Relaxed);
        world.run(async {
            let (ids, work) = loader(CALLERS as usize, FOR_EVER, async |keys: Vec<Counted>| {
                Ok::<_, Error>(keys.into_iter().rev().map(|key| (key.clone(), key.0)).collect())
            });
            let loads: Vec<_> = (0..CALLERS).map(|id| ids.load(Counted(id))).collect();
            drop(ids);
            let ((), answers) = tokio::join!(work, join_all(loads));
            assert_eq!(answers, (0..CALLERS).map(Ok).collect::<Vec<_>>());
        });
        let compared = COMPARED.load(Relaxed);
        assert!(compared <= 10 * CALLERS as usize, "{compared}");
    });
}

#[test]
fn of_two_rows_with_one_key_the_first_counts() {
    everywhere(|world| {
        let answers = world.run(two_callers(right, async |_| Ok(vec![(1, 10), (2, 20), (1, 30)])));
        assert_eq!(answers, [Ok(10), Ok(20)]);
    });
}
