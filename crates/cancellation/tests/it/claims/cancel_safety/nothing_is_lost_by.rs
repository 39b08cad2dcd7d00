//! Nothing is lost by.

use super::*;

#[test]
fn recv() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(1);
            let mut waiting = spawn(receiver.recv());
            assert_pending!(waiting.poll());
            sender.try_send("item").unwrap();
            // Woken, and dropped before it could look.
            drop(waiting);
            assert_eq!(receiver.recv().await, Some("item"));
        });
    });
}

#[test]
fn a_borrowed_oneshot_receiver() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = oneshot::channel();
            let mut waiting = spawn(&mut receiver);
            assert_pending!(waiting.poll());
            sender.send("answer").unwrap();
            assert!(waiting.is_woken());
            drop(waiting);
            assert_eq!(receiver.await, Ok("answer"));
        });
    });
}

#[test]
fn a_broadcast_recv() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = broadcast::channel(1);
            let mut waiting = spawn(receiver.recv());
            assert_pending!(waiting.poll());
            sender.send("item").unwrap();
            assert!(waiting.is_woken());
            drop(waiting);
            assert_eq!(receiver.recv().await, Ok("item"));
        });
    });
}

#[test]
fn changed_of_a_watch() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = watch::channel(1);
            let mut waiting = spawn(receiver.changed());
            assert_pending!(waiting.poll());
            sender.send(2).unwrap();
            assert!(waiting.is_woken());
            drop(waiting);
            receiver.changed().await.unwrap();
            assert_eq!(*receiver.borrow(), 2);
        });
    });
}

#[test]
fn read_and_read_buf() {
    everywhere(|world| {
        world.run(async {
            let (mut near, mut far) = duplex(64);
            let mut bytes = Vec::new();
            for bytes in [&mut [0; 8][..], &mut [0; 1]] {
                let mut waiting = spawn(far.read(bytes));
                assert_pending!(waiting.poll());
                near.write_all(b"da").await.unwrap();
                drop(waiting); // Woken, and dropped before it could look.
                near.write_all(b"ta").await.unwrap();
                let mut read = [0; 4];
                far.read_exact(&mut read).await.unwrap();
                assert_eq!(&read, b"data");
            }
            let mut waiting = spawn(far.read_buf(&mut bytes));
            assert_pending!(waiting.poll());
            near.write_all(b"da").await.unwrap();
            drop(waiting);
            near.write_all(b"ta").await.unwrap();
            far.read_buf(&mut bytes).await.unwrap();
            assert_eq!(bytes, b"data");
        });
    });
}

#[test]
fn next_line_keeps_the_half_line_in_the_reader() {
    everywhere(|world| {
        world.run(async {
            let (mut near, far) = duplex(64);
            let mut lines = BufReader::new(far).lines();
            near.write_all(b"half ").await.unwrap();
            lose(lines.next_line());
            near.write_all(b"and half\n").await.unwrap();
            assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("half and half"));
        });
    });
}

#[test]
fn join_next() {
    everywhere(|world| {
        world.run(async {
            let (go, gone) = oneshot::channel::<()>();
            let mut set = JoinSet::from_iter([async {
                gone.await.unwrap();
                "result"
            }]);
            let mut waiting = spawn(set.join_next());
            assert_pending!(waiting.poll());
            go.send(()).unwrap();
            while !waiting.is_woken() {
                yield_now().await;
            }
            drop(waiting);
            assert_eq!(set.join_next().await.unwrap().unwrap(), "result");
        });
    });
}

#[test]
fn tick_which_keeps_its_time_in_the_interval() {
    everywhere(|world| {
        world.run(async {
            let mut ticks = interval(ms(50));
            let first = ticks.tick().await;
            sleep(ms(20)).await;
            lose(ticks.tick());
            // A tick says when it was due.
            assert_eq!(ticks.tick().await - first, ms(50));
        });
    });
}

#[test]
fn a_future_made_once_and_borrowed_loses_nothing() {
    everywhere(|world| {
        world.run(async {
            let (mut once, mut turns) = (pin!(sleep(ms(50))), 0);
            // A sleep made anew in each turn would never win.
            loop {
                tokio::select! {
                    () = &mut once => break,
                    () = sleep(ms(20)) => turns += 1,
                }
            }
            assert!(turns >= 1);
        });
    });
}

#[test]
fn an_arm_that_waits_for_the_lock_that_the_borrowed_future_is_queued_for_waits_for_ever() {
    everywhere(|world| {
        world.run(async {
            let lock = Mutex::new(());
            let held = lock.lock().await;
            let stuck = async {
                let mut work = pin!(async { drop(lock.lock().await) });
                tokio::select! {
                    () = &mut work => unreachable!("the lock is held"),
                    () = sleep(ms(5)) => {
                        drop(held);
                        // The lock is free, and goes to `work`, which nobody polls.
                        drop(lock.lock().await);
                    }
                }
            };
            tokio::time::timeout(ms(40), stuck).await.unwrap_err();
        });
    });
}
