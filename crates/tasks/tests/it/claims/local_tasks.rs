//! Tasks that are not `Send`.

use super::*;

#[test]
fn tasks_of_a_local_set_stand_still_while_nothing_polls_it() {
    everywhere(|world| {
        world.run(async {
            let (local, turns) = (LocalSet::new(), Rc::new(Cell::new(0)));
            let own = Rc::clone(&turns);
            local.spawn_local(async move {
                loop {
                    own.set(own.get() + 1);
                    yield_now().await;
                }
            });
            for _ in 0..10 {
                yield_now().await;
            }
            assert_eq!(turns.get(), 0);
            local.run_until(yield_now()).await;
            let so_far = turns.get();
            assert!(so_far > 0);
            sleep(ms(10)).await;
            assert_eq!(turns.get(), so_far);
        });
    });
}
