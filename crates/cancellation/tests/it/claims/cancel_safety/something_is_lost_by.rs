//! Something is lost by.

use super::*;

#[test]
fn read_exact_the_bytes_it_has_read() {
    everywhere(|world| {
        world.run(async {
            let (mut near, mut far) = duplex(64);
            near.write_all(b"half").await.unwrap();
            lose(far.read_exact(&mut [0; 8]));
            near.write_all(b"and half").await.unwrap();
            let mut bytes = [0; 8];
            far.read_exact(&mut bytes).await.unwrap();
            assert_eq!(&bytes, b"and half");
        });
    });
}

#[test]
fn read_line_loses_the_half_line() {
    everywhere(|world| {
        world.run(async {
            let (mut near, far) = duplex(64);
            let (mut far, mut line) = (BufReader::new(far), String::new());
            near.write_all(b"half ").await.unwrap();
            lose(far.read_line(&mut line));
            near.write_all(b"and half\n").await.unwrap();
            far.read_line(&mut line).await.unwrap();
            assert_eq!(line, "and half\n");
        });
    });
}

#[test]
fn write_all_the_knowledge_how_much_it_has_written() {
    everywhere(|world| {
        world.run(async {
            let (mut near, mut far) = duplex(4);
            lose(near.write_all(b"message"));
            let mut bytes = Vec::new();
            far.read_buf(&mut bytes).await.unwrap();
            assert_eq!(bytes, b"mess");
        });
    });
}

#[test]
fn send_the_item() {
    everywhere(|world| {
        world.run(async {
            let (sender, mut receiver) = mpsc::channel(1);
            sender.try_send("first").unwrap();
            lose(sender.send("second"));
            drop(sender);
            assert_eq!(receiver.recv().await, Some("first"));
            assert_eq!(receiver.recv().await, None);
        });
    });
}

#[test]
fn sleep_the_time_it_has_slept() {
    everywhere(|world| {
        world.run(async {
            let mut fired = 0;
            for _ in 0..10 {
                tokio::select! {
                    () = sleep(ms(20)) => fired += 1,
                    () = sleep(ms(5)) => {}
                }
            }
            assert_eq!(fired, 0);
        });
    });
}

#[test]
fn a_barrier_which_counts_who_has_left() {
    everywhere(|world| {
        world.run(async {
            let barrier = Barrier::new(2);
            lose(barrier.wait());
            // Alone, and yet let through.
            assert_ready!(spawn(barrier.wait()).poll());
        });
    });
}
