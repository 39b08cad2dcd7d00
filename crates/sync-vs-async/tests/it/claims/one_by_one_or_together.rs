//! One by one takes the sum, together takes the longest.

use super::*;

#[test]
fn blocking_one_after_another_takes_the_sum_of_real_time() {
    on_the_real_clock(|world| {
        let (answers, recording) = world.record(async {
            let call = |(service, takes)| lane_blocking(service, move || ask_blocking(service, takes));
            call_one_by_one(SERVICES.map(call))
        });

        assert_eq!(answers, ["users", "orders", "prices"]);
        assert_eq!(peak(&recording), 1);
        assert_eq!(recording.finish_order(), ["users", "orders", "prices"]);
        world.assert_took(recording.total(), ms(120));
    });
}

#[test]
fn awaiting_one_after_another_takes_the_sum() {
    everywhere(|world| {
        let (answers, recording) = world.record(async { await_one_by_one(requests()).await });

        assert_eq!(answers, ["users", "orders", "prices"]);
        assert_eq!(peak(&recording), 1);
        assert_eq!(recording.finish_order(), ["users", "orders", "prices"]);
        world.assert_took(recording.total(), ms(120));
    });
}

#[test]
fn awaiting_together_takes_the_longest() {
    everywhere(|world| {
        let (answers, recording) = world.record(async { await_together(requests()).await });

        assert_eq!(answers, ["users", "orders", "prices"]);
        assert_eq!(peak(&recording), 3);
        world.assert_took(recording.total(), ms(50));
    });
}

#[test]
fn awaiting_together_starts_all_futures_however_many_there_are() {
    everywhere(|world| {
        let count = world.run(async {
            // If only some ran at a time, they would wait for ever.
            let all_start = Barrier::new(300);
            await_together((0..300).map(|_| all_start.wait())).await.len()
        });

        assert_eq!(count, 300);
    });
}

#[test]
fn spawned_tasks_go_on_while_they_are_awaited_one_after_another() {
    everywhere(|world| {
        let results = world.run(async {
            let all_start = Arc::new(Barrier::new(3));
            let tasks = ["users", "orders", "prices"].map(|service| {
                let all_start = all_start.clone();
                tokio::spawn(async move {
                    // If a task ran only while it is awaited, the first one would wait for ever.
                    all_start.wait().await;
                    service
                })
            });
            await_one_by_one(tasks).await
        });

        assert_eq!(results.into_iter().map(Result::unwrap).collect::<Vec<_>>(), ["users", "orders", "prices"]);
    });
}

#[test]
fn the_naive_await_together_runs_one_at_a_time() {
    everywhere(|world| {
        let (answers, recording) = world.record(async { naive::await_together(requests()).await });

        assert_eq!(answers, ["users", "orders", "prices"]);
        assert_eq!(peak(&recording), 1);
        world.assert_took(recording.total(), ms(120));
    });
}

#[test]
fn the_naive_ask_runs_one_at_a_time_although_it_is_joined() {
    everywhere(|world| {
        let (_, recording) = world.record(async {
            let ask = |service| naive::ask(service, ms(1)).lane(service);
            await_together(["users", "orders", "prices"].map(ask)).await
        });

        let [users, orders, prices] = &recording.lanes[..] else { panic!("{recording:?}") };
        // No poll begins before the one before it has ended, with its answer.
        let starts = |lane: &Lane| Some(lane.polls[0].seq);
        assert!(users.closed_seq < starts(orders) && orders.closed_seq < starts(prices), "{recording:?}");
        assert_eq!([users, orders, prices].map(Lane::poll_count), [1; 3], "it never gave the thread back");
    });
}

#[test]
fn dropping_the_joined_future_cancels_the_futures_that_still_wait() {
    everywhere(|world| {
        let (results, recording) = world.record(async {
            let services = ["users", "orders", "prices"];
            let answer = async |service| if service == "orders" { pending().await } else { service };
            tokio::select! {
                biased;
                results = await_together(services.map(|service| answer(service).lane(service))) => Some(results),
                () = ready(()) => None,
            }
        });

        assert_eq!(results, None, "the answers of the others are lost");
        assert_eq!(recording.finish_order(), ["users", "prices"]);
        assert_eq!(recording.cancelled(), ["orders"]);
    });
}
