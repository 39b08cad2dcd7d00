//! A timeout of zero.

use super::*;

#[test]
fn a_timeout_of_zero_takes_what_is_ready() {
    everywhere(|world| assert_eq!(world.run(async { timeout(Duration::ZERO, ready(42)).await }), Ok(42)));
}

#[test]
fn a_timeout_of_zero_polls_the_future_once_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        let yields = async {
            loop {
                yield_now().await;
            }
        };
        let (result, recording) = world.record(async { timeout(Duration::ZERO, yields.lane("work")).await });
        assert!(result.is_err());
        assert_eq!(recording.polls("work"), 1);
        assert_eq!(recording.cancelled(), ["work"]);
    });
}

#[test]
fn a_timeout_of_zero_polls_the_future_again_when_it_is_woken_on_the_real_clock() {
    on_the_real_clock(|world| {
        // A busy machine may take away the one millisecond that it lasts, but not every time.
        let most = (0..20).map(|_| {
            let (result, recording) = world.record(async {
                let yields = async {
                    loop {
                        yield_now().await;
                    }
                };
                timeout(Duration::ZERO, yields.lane("work")).await
            });
            assert!(result.is_err());
            recording.polls("work")
        });
        assert!(most.max() > Some(1));
    });
}

#[test]
fn a_timeout_of_zero_ends() {
    everywhere(|world| assert!(world.run(async { timeout(Duration::ZERO, pending::<()>()).await }).is_err()));
}

#[test]
fn a_deadline_that_has_passed_still_takes_what_is_ready() {
    everywhere(|world| {
        world.run(async {
            let deadline = Instant::now();
            sleep(ms(10)).await;
            assert_eq!(timeout_at(deadline, ready(42)).await, Ok(42));
            assert!(timeout_at(deadline, pending::<()>()).await.is_err());
        });
    });
}
