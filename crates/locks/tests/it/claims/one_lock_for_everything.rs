//! A lock for the slow part, and one for the quick part.

use super::*;

#[test]
fn the_figures_do_not_wait_for_the_connection() {
    everywhere(|world| {
        world.run(async {
            let shared = Arc::new(Shared::new(()));
            let turn = shared.turn().await;
            let reader = Arc::clone(&shared);
            // In a task: with several workers, on another thread.
            let figures = tokio::spawn(async move { reader.figures() }).await.unwrap();
            assert_eq!(figures, Figures { waiting: 0, served: 0 });
            drop(turn);
        });
    });
}

#[test]
fn with_one_lock_for_everything_the_figures_wait_for_the_connection() {
    everywhere(|world| {
        world.run(async {
            let shared = naive::Shared::new(());
            let turn = shared.turn().await;
            assert!(is_pending(shared.figures()));
            drop(turn);
            assert_eq!(shared.figures().await, Figures { waiting: 0, served: 1 });
        });
    });
}

#[test]
fn two_values_in_one_lock_always_fit_together() {
    const TURNS: usize = 50;
    everywhere(|world| {
        world.run(async {
            let shared = Arc::new(Shared::new(0));
            let turns: Vec<_> = (0..TURNS)
                .map(|_| {
                    let shared = Arc::clone(&shared);
                    tokio::spawn(async move {
                        *shared.turn().await += 1;
                        let Figures { waiting, served } = shared.figures();
                        assert!(served >= 1 && waiting + served <= TURNS);
                    })
                })
                .collect();
            for turn in turns {
                turn.await.unwrap();
            }
            assert_eq!(shared.figures(), Figures { waiting: 0, served: TURNS });
            assert_eq!(*shared.turn().await, TURNS);
        });
    });
}

#[test]
fn a_panic_during_a_turn_ends_the_turn() {
    everywhere(|world| {
        world.run(async {
            let shared = Arc::new(Shared::new(()));
            let task = tokio::spawn({
                let shared = Arc::clone(&shared);
                async move {
                    let _turn = shared.turn().await;
                    panic!("a bug");
                }
            });
            assert!(task.await.unwrap_err().is_panic());
            assert_eq!(shared.figures(), Figures { waiting: 0, served: 1 });
            drop(shared.turn().await);
        });
    });
}
