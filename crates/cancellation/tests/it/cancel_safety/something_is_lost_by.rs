//! Something is lost by.

use super::*;

#[tokio::test]
async fn read_exact_the_bytes_it_has_read() {
    let (mut near, mut far) = duplex(64);
    near.write_all(b"half").await.unwrap();
    lose(far.read_exact(&mut [0; 8]));
    near.write_all(b"and half").await.unwrap();
    let mut bytes = [0; 8];
    far.read_exact(&mut bytes).await.unwrap();
    assert_eq!(&bytes, b"and half");
}

#[tokio::test]
async fn read_line_the_half_line() {
    let (mut near, far) = duplex(64);
    let (mut far, mut line) = (BufReader::new(far), String::new());
    near.write_all(b"half ").await.unwrap();
    lose(far.read_line(&mut line));
    near.write_all(b"and half\n").await.unwrap();
    far.read_line(&mut line).await.unwrap();
    assert_eq!(line, "and half\n");
}

#[tokio::test]
async fn write_all_the_knowledge_how_much_it_has_written() {
    let (mut near, mut far) = duplex(4);
    lose(near.write_all(b"message"));
    let mut bytes = Vec::new();
    far.read_buf(&mut bytes).await.unwrap();
    assert_eq!(bytes, b"mess");
}

#[tokio::test]
async fn send_the_item() {
    let (sender, mut receiver) = mpsc::channel(1);
    sender.try_send("first").unwrap();
    lose(sender.send("second"));
    drop(sender);
    assert_eq!(receiver.recv().await, Some("first"));
    assert_eq!(receiver.recv().await, None);
}

#[tokio::test(start_paused = true)]
async fn sleep_the_time_it_has_slept() {
    let mut fired = 0;
    for _ in 0..10 {
        tokio::select! {
            () = sleep(ms(50)) => fired += 1,
            () = sleep(ms(30)) => {}
        }
    }
    assert_eq!(fired, 0);
}

#[tokio::test]
async fn a_barrier_which_counts_who_has_left() {
    let barrier = Barrier::new(2);
    lose(barrier.wait());
    // Alone, and yet let through.
    assert_ready!(spawn(barrier.wait()).poll());
}
