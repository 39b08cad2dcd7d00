//! Nothing is lost by.

use super::*;

#[tokio::test]
async fn recv() {
    let (sender, mut receiver) = mpsc::channel(1);
    let mut waiting = spawn(receiver.recv());
    assert_pending!(waiting.poll());
    sender.try_send("item").unwrap();
    // Woken, and dropped before it could look.
    drop(waiting);
    assert_eq!(receiver.recv().await, Some("item"));
}

#[tokio::test]
async fn a_borrowed_oneshot_receiver() {
    let (sender, mut receiver) = oneshot::channel();
    lose(&mut receiver);
    sender.send("answer").unwrap();
    assert_eq!(receiver.await, Ok("answer"));
}

#[tokio::test]
async fn a_broadcast_recv() {
    let (sender, mut receiver) = broadcast::channel(1);
    lose(receiver.recv());
    sender.send("item").unwrap();
    assert_eq!(receiver.recv().await, Ok("item"));
}

#[tokio::test]
async fn changed_of_a_watch() {
    let (sender, mut receiver) = watch::channel(1);
    lose(receiver.changed());
    sender.send(2).unwrap();
    receiver.changed().await.unwrap();
    assert_eq!(*receiver.borrow(), 2);
}

#[tokio::test]
async fn read_and_read_buf() {
    let (mut near, mut far) = duplex(64);
    let mut bytes = Vec::new();
    lose(far.read(&mut [0; 8]));
    lose(far.read_buf(&mut bytes));
    near.write_all(b"data").await.unwrap();
    far.read_buf(&mut bytes).await.unwrap();
    assert_eq!(bytes, b"data");
}

#[tokio::test]
async fn next_line_which_keeps_the_half_line_in_the_reader() {
    let (mut near, far) = duplex(64);
    let mut lines = BufReader::new(far).lines();
    near.write_all(b"half ").await.unwrap();
    lose(lines.next_line());
    near.write_all(b"and half\n").await.unwrap();
    assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("half and half"));
}

#[tokio::test]
async fn join_next() {
    let mut set = JoinSet::from_iter([async { "result" }]);
    lose(set.join_next());
    assert_eq!(set.join_next().await.unwrap().unwrap(), "result");
}

#[tokio::test(start_paused = true)]
async fn tick_which_keeps_its_time_in_the_interval() {
    let begin = Instant::now();
    let mut ticks = interval(ms(50));
    ticks.tick().await;
    sleep(ms(30)).await;
    lose(ticks.tick());
    ticks.tick().await;
    assert_eq!(begin.elapsed(), ms(50));
}

#[tokio::test(start_paused = true)]
async fn a_future_made_once_and_borrowed_loses_nothing() {
    let begin = Instant::now();
    let mut once = pin!(sleep(ms(50)));
    loop {
        tokio::select! {
            () = &mut once => break,
            () = sleep(ms(30)) => {}
        }
    }
    assert_eq!(begin.elapsed(), ms(50));
}
