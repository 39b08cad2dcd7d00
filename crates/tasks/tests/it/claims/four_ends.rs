//! One place hears of every end.

use super::*;

/// Spawns the four into a crew, and lets the last one be aborted when it has started.
async fn crew_of_four() -> Crew<&'static str> {
    let mut crew = Crew::new();
    for name in NAMES {
        let (starts, started) = oneshot::channel();
        let work = async move {
            let _ = starts.send(());
            four_ways(name).await
        };
        let task = crew.spawn(name, work);
        started.await.unwrap();
        if name == "is aborted" {
            task.abort();
        }
    }
    crew
}

async fn ends(crew: &mut Crew<&'static str>) -> Vec<(String, End<&'static str>)> {
    let mut ends = Vec::new();
    while let Some(end) = crew.next_end().await {
        ends.push(end);
    }
    ends.sort_by_key(|(name, _)| NAMES.iter().position(|known| known == name));
    ends
}

#[test]
fn a_crew_tells_each_of_the_four_ends_with_its_name() {
    everywhere(|world| {
        world.run(async {
            let mut crew = crew_of_four().await;
            assert_eq!(ends(&mut crew).await, four_ends());
            assert!(crew.names().is_empty());
        });
    });
}

#[test]
fn a_crew_tells_the_cancellation_of_a_task_that_has_not_started() {
    on_one_thread(|world| {
        world.run(async {
            let mut crew = Crew::<&str>::new();
            crew.spawn("is aborted", async { panic!("this body runs") }).abort();
            assert_eq!(crew.next_end().await, Some(("is aborted".to_owned(), End::Cancelled)));
        });
    });
}

#[test]
fn a_crew_tells_an_end_while_the_others_run() {
    everywhere(|world| {
        world.run(async {
            let mut crew = Crew::new();
            crew.spawn("hangs", pending());
            crew.spawn("fails", async { Err("refused") });
            assert_eq!(crew.next_end().await, Some(("fails".to_owned(), End::Failed("refused"))));
            assert_eq!(crew.names(), ["hangs"]);
        });
    });
}

#[test]
fn a_wait_for_the_next_end_that_is_dropped_loses_no_end() {
    everywhere(|world| {
        world.run(async {
            let mut crew = Crew::new();
            let (may_end, end) = oneshot::channel::<()>();
            crew.spawn("fails", async { end.await.map_err(|_| "refused") });
            drop(futures::poll!(Box::pin(crew.next_end())));
            drop(may_end);
            all_have_ended().await;
            assert_eq!(crew.next_end().await, Some(("fails".to_owned(), End::Failed("refused"))));
        });
    });
}

#[test]
fn a_dropped_crew_aborts_its_tasks() {
    everywhere(|world| {
        world.run(async {
            let (starts, started) = oneshot::channel();
            let (ends, ended) = oneshot::channel::<()>();
            let mut crew = Crew::<&str>::new();
            crew.spawn("hangs", async move {
                let _ends = ends;
                let _ = starts.send(());
                pending().await
            });
            started.await.unwrap();
            drop(crew);
            assert!(ended.await.is_err());
        });
    });
}

#[test]
fn the_naive_report_tells_one_error_without_a_name_and_nothing_else() {
    everywhere(|world| {
        world.run(async {
            let tasks = NAMES.map(|name| tokio::spawn(four_ways(name)));
            tasks[3].abort();
            let mut told = Vec::new();
            naive::report(tasks.into(), |error| told.push(error)).await;
            assert_eq!(told, ["refused"]);
        });
    });
}

#[test]
fn the_naive_report_sees_an_error_only_after_the_tasks_before_it_have_ended() {
    everywhere(|world| {
        world.run(async {
            let (may_end, end) = oneshot::channel::<()>();
            let tasks = vec![tokio::spawn(async { end.await.map_err(|_| "gone") }), tokio::spawn(four_ways("fails"))];
            let told = Cell::new(0);
            let mut report = Box::pin(naive::report(tasks, |_| told.set(told.get() + 1)));
            assert!(futures::poll!(&mut report).is_pending());
            while tokio::runtime::Handle::current().metrics().num_alive_tasks() > 1 {
                yield_now().await;
                assert!(futures::poll!(&mut report).is_pending());
            }
            assert_eq!(told.get(), 0);
            may_end.send(()).unwrap();
            report.await;
            assert_eq!(told.get(), 1);
        });
    });
}

#[test]
fn is_finished_is_true_after_each_of_the_four_ends() {
    everywhere(|world| {
        world.run(async {
            let tasks = NAMES.map(|name| tokio::spawn(four_ways(name)));
            assert!(!tasks[3].is_finished());
            tasks[3].abort();
            for task in tasks {
                while !task.is_finished() {
                    yield_now().await;
                }
            }
        });
    });
}

#[test]
fn a_join_error_has_the_id_of_its_task() {
    everywhere(|world| {
        world.run(async {
            let tasks = ["panics", "is aborted"].map(|name| tokio::spawn(four_ways(name)));
            tasks[1].abort();
            for task in tasks {
                let id = task.id();
                assert_eq!(task.await.unwrap_err().id(), id);
            }
        });
    });
}

#[test]
fn a_task_knows_its_own_id() {
    everywhere(|world| {
        world.run(async {
            let task = tokio::spawn(async { tokio::task::id() });
            let id = task.id();
            assert_eq!(task.await.unwrap(), id);
        });
    });
}

#[test]
fn an_abort_of_a_task_that_has_ended_leaves_its_end_as_it_was() {
    everywhere(|world| {
        world.run(async {
            let mut crew = Crew::new();
            let task = crew.spawn("fails", async { Err("refused") });
            all_have_ended().await;
            task.abort();
            assert_eq!(crew.next_end().await, Some(("fails".to_owned(), End::Failed("refused"))));
        });
    });
}
