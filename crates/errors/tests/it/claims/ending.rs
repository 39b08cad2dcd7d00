//! How a task ends.

use super::*;

/// A task that fails, one that panics, and one that is aborted.
async fn three_ends() -> [JoinHandle<Result<(), Refused>>; 3] {
    let cancelled = begun().await;
    cancelled.abort();
    [tokio::spawn(ready(Err(Refused::Forbidden))), tokio::spawn(async { panic!("a bug in job {}", 2) }), cancelled]
}

#[test]
fn a_task_ends_badly_in_three_ways_and_each_has_its_variant() {
    everywhere(|world| {
        world.run(async {
            let [fails, panics, cancelled] = three_ends().await;
            assert!(matches!(end_of(fails).await, Err(JobError::Failed(Refused::Forbidden))));
            assert!(matches!(end_of(panics).await, Err(JobError::Panicked(text)) if text == "a bug in job 2"));
            assert!(matches!(end_of(cancelled).await, Err(JobError::Cancelled)));
        });
    });
}

#[test]
fn the_naive_end_counts_an_error_as_success_and_tells_no_panic_from_a_cancellation() {
    everywhere(|world| {
        world.run(async {
            let [fails, panics, cancelled] = three_ends().await;
            assert_eq!(naive::end_of(fails).await, Ok(()));
            assert_eq!([naive::end_of(panics).await, naive::end_of(cancelled).await], [Err("failed"); 2]);
        });
    });
}

#[test]
fn a_task_that_ends_well_returns_its_value() {
    everywhere(|world| {
        let value = world.run(async { end_of(tokio::spawn(ready(Ok::<_, Refused>(7)))).await });
        assert!(matches!(value, Ok(7)));
    });
}

#[test]
fn a_task_that_has_ended_before_its_abort_is_not_cancelled() {
    everywhere(|world| {
        world.run(async {
            let task = tokio::spawn(ready(Err::<(), _>(Refused::Busy)));
            while !task.is_finished() {
                tokio::task::yield_now().await;
            }
            task.abort();
            assert!(matches!(end_of(task).await, Err(JobError::Failed(Refused::Busy))));
        });
    });
}

#[test]
fn two_question_marks_pass_on_both_errors_and_a_downcast_tells_them_apart() {
    async fn both(task: JoinHandle<Result<(), Refused>>) -> anyhow::Result<()> {
        task.await??;
        Ok(())
    }
    everywhere(|world| {
        world.run(async {
            let [fails, panics, cancelled] = three_ends().await;
            assert_eq!(both(fails).await.unwrap_err().downcast_ref(), Some(&Refused::Forbidden));
            assert!(both(panics).await.unwrap_err().downcast_ref::<JoinError>().unwrap().is_panic());
            assert!(both(cancelled).await.unwrap_err().downcast_ref::<JoinError>().unwrap().is_cancelled());
        });
    });
}

#[test]
fn the_end_is_still_there_after_a_timeout_around_a_borrowed_handle() {
    everywhere(|world| {
        world.run(async {
            let (goes_on, gate) = oneshot::channel::<()>();
            let mut task = tokio::spawn(async move {
                gate.await.unwrap();
                Err::<(), _>(Refused::Forbidden)
            });
            timeout(ms(10), end_of(&mut task)).await.unwrap_err();
            goes_on.send(()).unwrap();
            assert!(matches!(end_of(task).await, Err(JobError::Failed(Refused::Forbidden))));
        });
    });
}

#[test]
fn a_question_mark_in_a_loop_loses_the_ends_of_the_other_tasks() {
    async fn first_error(tasks: Vec<JoinHandle<Result<(), Refused>>>) -> Result<(), JobError<Refused>> {
        for task in tasks {
            end_of(task).await?;
        }
        Ok(())
    }
    everywhere(|world| {
        world.run(async {
            let (goes_on, gate) = oneshot::channel::<()>();
            let (says, heard) = oneshot::channel();
            let other = tokio::spawn(async move {
                gate.await.unwrap();
                says.send("the other task runs on").unwrap();
                Err(Refused::Busy)
            });
            let error = first_error(vec![tokio::spawn(ready(Err(Refused::Forbidden))), other]).await.unwrap_err();
            assert!(matches!(error, JobError::Failed(Refused::Forbidden)));
            goes_on.send(()).unwrap();
            assert_eq!(heard.await, Ok("the other task runs on"));
        });
    });
}

#[test]
fn every_end_is_there_if_the_loop_goes_on() {
    everywhere(|world| {
        world.run(async {
            let mut ends = Vec::new();
            for task in three_ends().await {
                ends.push(end_of(task).await.unwrap_err().to_string());
            }
            assert_eq!(ends, ["failed", "panicked: a bug in job 2", "cancelled"]);
        });
    });
}

#[test]
fn unwrapping_the_end_of_a_task_that_panicked_panics_again() {
    everywhere(|world| {
        world.run(async {
            let [_, panics, _] = three_ends().await;
            let waits = tokio::spawn(async { panics.await.unwrap() });
            let Err(JobError::Panicked(message)) = end_of(waits).await else { panic!("it is to panic") };
            assert!(message.contains("JoinError") && message.contains("a bug in job 2"), "{message}");
        });
    });
}
