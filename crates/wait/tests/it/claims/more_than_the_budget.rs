//! More tasks have ended than a task may take in one poll.

use super::*;

/// Takes all results with `join_next` alone.
async fn by_join_next(mut tasks: JoinSet<Result<u32, ()>>) -> Vec<Ended<u32, ()>> {
    let mut done = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        done.push(ended);
    }
    done
}

#[test]
fn join_next_puts_the_129th_result_last() {
    everywhere(|world| {
        let order = world.run(async { numbers(by_join_next(ended(300).await).await) });
        assert_eq!(order[..128], (0..128).collect::<Vec<_>>());
        assert_eq!(order[298..], [128, 257]);
    });
}

#[test]
fn try_join_next_keeps_the_order_of_300_tasks() {
    everywhere(|world| {
        let order = world.run(async {
            let (mut tasks, mut done) = (ended(300).await, Vec::new());
            while let Some(ended) = tasks.try_join_next() {
                done.push(ended);
            }
            numbers(done)
        });
        assert_eq!(order, (0..300).collect::<Vec<_>>());
    });
}

#[test]
fn wait_keeps_the_order_of_300_tasks() {
    for until in [FirstCompleted, FirstException, AllCompleted] {
        everywhere(|world| {
            let order = world.run(async {
                let (mut tasks, mut done) = (ended(300).await, Vec::new());
                wait(&mut tasks, &mut done, until).await;
                numbers(done)
            });
            assert_eq!(order, (0..300).collect::<Vec<_>>());
        });
    }
}
