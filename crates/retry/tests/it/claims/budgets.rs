//! How much an outage adds to the load.

use super::*;

/// Requests to a service that calls another one, which calls a third one, which is down: how many calls the last one gets.
async fn calls_at_three_levels(requests: u32, budgets: [Option<Arc<Budget>>; 3]) -> u32 {
    let [outer, middle, inner] = budgets.map(|budget| Policy { budget, ..attempts(3) });
    let calls = Calls::default();
    // Each level sees the error of the one below.
    let error = |gave_up: GaveUp<Refused>| gave_up.last.unwrap();
    for _ in 0..requests {
        let third = || async { retry(&inner, no_pause, Refused::advice, || calls.busy()).await.map_err(error) };
        let second = || async { retry(&middle, no_pause, Refused::advice, third).await.map_err(error) };
        retry(&outer, no_pause, Refused::advice, second).await.unwrap_err();
    }
    calls.count()
}

#[test]
fn three_attempts_at_each_of_three_levels_are_27_calls() {
    everywhere(|world| assert_eq!(world.run(calls_at_three_levels(1, [None, None, None])), 27));
}

#[test]
fn with_a_budget_of_a_tenth_at_each_level_100_calls_become_133() {
    everywhere(|world| {
        let tenth = || {
            let budget = Budget::new(1, 10);
            // It begins full.
            assert!(budget.spend());
            Some(Arc::new(budget))
        };
        assert_eq!(world.run(calls_at_three_levels(100, [tenth(), tenth(), tenth()])), 133);
    });
}

#[test]
fn if_only_the_outer_level_tries_again_there_are_3_calls() {
    everywhere(|world| {
        let never = || Some(Arc::new(Budget::new(0, 0)));
        assert_eq!(world.run(calls_at_three_levels(1, [None, never(), never()])), 3);
    });
}

#[test]
fn a_spent_budget_ends_it_with_the_last_error() {
    everywhere(|world| {
        let calls = Calls::default();
        let policy = Policy { budget: Some(Arc::new(Budget::new(2, 0))), ..attempts(5) };
        let ended = world.run(retry(&policy, no_pause, Refused::advice, || calls.busy()));
        assert_eq!(ended, gave_up(Why::Budget, 3, Busy(3)));
    });
}

#[test]
fn calls_with_the_same_budget_share_it() {
    everywhere(|world| {
        let calls = Calls::default();
        let policy = Policy { budget: Some(Arc::new(Budget::new(2, 0))), ..attempts(2) };
        let ended = world.run(async {
            let mut ended = Vec::new();
            for _ in 0..3 {
                ended.push(retry(&policy.clone(), no_pause, Refused::advice, || calls.busy()).await.unwrap_err().why);
            }
            ended
        });
        assert_eq!(ended, [Why::Attempts, Why::Attempts, Why::Budget]);
    });
}

#[test]
fn a_budget_holds_no_more_than_its_most() {
    let budget = Budget::new(2, 100);
    (0..10).for_each(|_| budget.earn());
    assert_eq!([budget.spend(), budget.spend(), budget.spend()], [true, true, false]);
}

#[test]
fn what_makes_no_further_attempt_costs_no_budget() {
    everywhere(|world| {
        let budget = Arc::new(Budget::new(1, 0));
        let policy = Policy { budget: Some(Arc::clone(&budget)), ..attempts(2) };
        let last = Policy { attempts: NonZeroU32::MIN, ..policy.clone() };
        world.run(async {
            let calls = Calls::default();
            retry(&policy, no_pause, Refused::advice, || ready(Ok::<_, Refused>(7))).await.unwrap();
            retry(&policy, no_pause, Refused::advice, || ready(Err::<(), _>(Forbidden))).await.unwrap_err();
            retry(&last, no_pause, Refused::advice, || calls.busy()).await.unwrap_err();
            retry(&policy, |_| Duration::MAX, Refused::advice, || calls.busy()).await.unwrap_err();
        });
        assert!(budget.spend());
    });
}

#[test]
fn threads_that_share_a_budget_spend_each_attempt_once() {
    let budget = Budget::new(1_000, 0);
    let spent = std::thread::scope(|scope| {
        let threads = [0; 4].map(|_| scope.spawn(|| (0..500).filter(|_| budget.spend()).count()));
        threads.map(|thread| thread.join().unwrap()).iter().sum::<usize>()
    });
    assert_eq!(spent, 1_000);
}
