//! tokio-test, duplex, port 0.

use std::future::{pending, poll_fn, ready};
use std::io::ErrorKind;
use std::task::Poll;

use futures::StreamExt;
use room::{everywhere, on_the_paused_clock};
use testing::ask;
use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};
use tokio::net::TcpListener;
use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep};
use tokio_test::io::Builder;
use tokio_test::stream_mock::StreamMockBuilder;
use tokio_test::{
    assert_elapsed, assert_err, assert_ok, assert_pending, assert_ready, assert_ready_eq, assert_ready_err,
    assert_ready_ok, task,
};

use super::{ms, panic_of};

#[test]
fn a_future_in_task_spawn_is_polled_only_when_the_test_polls_it() {
    let (sender, receiver) = oneshot::channel();
    let mut receiver = task::spawn(receiver);
    sender.send(7).unwrap();
    assert!(!receiver.is_woken(), "nothing has polled it, so nothing has its waker");
    assert_eq!(assert_ready_ok!(receiver.poll()), 7);
}

#[test]
fn is_woken_says_whether_the_task_was_woken_and_a_poll_resets_it() {
    let (sender, mut receiver) = tokio::sync::mpsc::channel(2);
    let mut next = task::spawn(async {
        receiver.recv().await;
        receiver.recv().await
    });
    assert_pending!(next.poll());
    sender.try_send(1).unwrap();
    assert!(next.is_woken());
    assert_pending!(next.poll());
    assert!(!next.is_woken());
    sender.try_send(2).unwrap();
    assert_ready_eq!(next.poll(), Some(2));
}

#[test]
fn assert_pending_shows_the_value_that_came_too_early() {
    let panic = panic_of(|| assert_pending!(task::spawn(async { 7 }).poll())).unwrap();
    assert_eq!(panic, "ready; value = 7");
}

#[test]
fn the_assertions_on_ready_look_into_the_value() {
    let poll = |result: Result<u32, &'static str>| task::spawn(ready(result)).poll();
    assert_eq!(assert_ready_ok!(poll(Ok(7))), 7);
    assert_eq!(assert_ready_err!(poll(Err("down"))), "down");
    assert_ready_eq!(poll(Ok(7)), Ok(7));
    assert!(panic_of(|| _ = assert_ready_ok!(poll(Err("down")))).is_some());
    assert!(panic_of(|| _ = assert_ready_err!(poll(Ok(7)))).is_some());
    assert!(panic_of(|| assert_ready!(task::spawn(pending::<()>()).poll())).is_some());
}

#[test]
fn poll_next_polls_a_stream() {
    let (sender, receiver) = tokio::sync::mpsc::channel(1);
    let mut items = task::spawn(tokio_stream::wrappers::ReceiverStream::new(receiver));
    assert_pending!(items.poll_next());
    sender.try_send(1).unwrap();
    assert!(items.is_woken());
    assert_ready_eq!(items.poll_next(), Some(1));
    drop(sender);
    assert_ready_eq!(items.poll_next(), None);
}

#[test]
fn poll_until_idle_polls_on_while_the_future_wakes_itself() {
    let mut polls = 0;
    let mut third = task::spawn(poll_fn(|context| {
        polls += 1;
        if polls == 3 {
            return Poll::Ready(polls);
        }
        context.waker().wake_by_ref();
        Poll::Pending
    }));
    assert_ready_eq!(third.poll_until_idle(), 3);
}

#[test]
fn a_mock_plays_a_peer_byte_by_byte() {
    everywhere(|world| {
        world.run(async {
            let server = Builder::new().write(b"PING\n").read(b"PO").read(b"NG\n").build();
            assert_eq!(assert_ok!(ask(server, "PING", ms(1_000_000)).await), "PONG");
        });
    });
}

#[test]
fn a_mock_panics_at_the_first_wrong_byte() {
    everywhere(|world| {
        let panic = panic_of(|| {
            world.run(async {
                let server = Builder::new().write(b"PANG\n").read(b"PONG\n").build();
                _ = ask(server, "PING", ms(1_000_000)).await;
            });
        });
        assert!(panic.is_some());
    });
}

#[test]
fn a_mock_that_is_dropped_before_the_end_of_its_script_panics() {
    everywhere(|world| {
        let panic = panic_of(|| {
            world.run(async {
                let server = Builder::new().write(b"PING\n").read(b"PONG\n").write(b"QUIT\n").build();
                _ = ask(server, "PING", ms(1_000_000)).await;
            });
        });
        assert!(panic.unwrap().starts_with("There is still data left to write."));
    });
}

#[test]
fn after_its_script_a_mock_is_at_the_end_of_its_input() {
    everywhere(|world| {
        world.run(async {
            let server = Builder::new().write(b"PING\n").read(b"PON").build();
            assert_eq!(assert_err!(ask(server, "PING", ms(1_000_000)).await).kind(), ErrorKind::UnexpectedEof);
        });
    });
}

#[test]
fn a_mock_fails_where_its_script_says_so() {
    everywhere(|world| {
        world.run(async {
            let reset = || ErrorKind::ConnectionReset.into();
            let server = Builder::new().write(b"PING\n").read_error(reset()).build();
            assert_eq!(assert_err!(ask(server, "PING", ms(1_000_000)).await).kind(), ErrorKind::ConnectionReset);
            let server = Builder::new().write_error(reset()).build();
            assert_eq!(assert_err!(ask(server, "PING", ms(1_000_000)).await).kind(), ErrorKind::ConnectionReset);
        });
    });
}

#[test]
fn a_mock_waits_on_tokios_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let server = |wait| Builder::new().write(b"PING\n").wait(ms(wait)).read(b"PONG\n").build();
            let started = Instant::now();
            assert_ok!(ask(server(900), "PING", ms(1_000)).await);
            assert_eq!(started.elapsed(), ms(900));
        });
    });
}

#[test]
fn a_mock_with_a_handle_gets_its_script_while_it_plays() {
    everywhere(|world| {
        world.run(async {
            let (server, mut script) = Builder::new().write(b"PING\n").build_with_handle();
            let later = async {
                tokio::task::yield_now().await;
                script.read(b"PONG\n");
                drop(script);
            };
            let (answer, ()) = tokio::join!(ask(server, "PING", ms(1_000_000)), later);
            assert_eq!(answer.unwrap(), "PONG");
        });
    });
}

#[test]
fn a_stream_mock_plays_items_and_pauses() {
    on_the_paused_clock(|world| {
        world.run(async {
            let started = Instant::now();
            let stream = StreamMockBuilder::new().next(1).wait(ms(300)).next(2).build();
            let items: Vec<_> = stream.map(|item| (item, started.elapsed())).collect().await;
            assert_eq!(items, [(1, ms(0)), (2, ms(300))]);
        });
    });
}

#[test]
fn a_stream_mock_that_is_dropped_with_items_panics() {
    let panic = panic_of(|| drop(StreamMockBuilder::new().next(1).build())).unwrap();
    assert!(panic.contains("1 actions were not consumed"), "{panic}");
}

#[test]
fn assert_elapsed_compares_with_a_millisecond_to_spare() {
    on_the_paused_clock(|world| {
        world.run(async {
            let started = Instant::now();
            sleep(ms(20)).await;
            assert_elapsed!(started, ms(20));
            assert_elapsed!(started, ms(19));
            assert!(panic_of(|| assert_elapsed!(started, ms(18))).is_some());
        });
    });
}

#[test]
fn the_writer_of_a_full_duplex_waits_for_the_reader() {
    let (mut near, mut far) = duplex(4);
    let mut writes = task::spawn(async move { near.write_all(b"12345").await });
    assert_pending!(writes.poll());
    let mut reads = task::spawn(async move {
        let mut bytes = [0; 5];
        far.read_exact(&mut bytes).await.map(|_| bytes)
    });
    assert_pending!(reads.poll());
    assert!(writes.is_woken());
    assert_ready_ok!(writes.poll());
    assert_eq!(&assert_ready_ok!(reads.poll()), b"12345");
}

#[test]
fn port_0_gives_each_test_a_port_of_its_own() {
    everywhere(|world| {
        world.run(async {
            let [one, other] = [TcpListener::bind("127.0.0.1:0").await, TcpListener::bind("127.0.0.1:0").await];
            let ports = [one.unwrap(), other.unwrap()].map(|listener| listener.local_addr().unwrap().port());
            assert!(ports[0] != 0 && ports[0] != ports[1], "{ports:?}");
        });
    });
}

#[tokio::test]
async fn a_tokio_test_runs_on_one_thread_unless_you_choose_another_flavor() {
    assert_eq!(Handle::current().runtime_flavor(), RuntimeFlavor::CurrentThread);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_tokio_test_with_workers_has_as_many_as_you_ask_for() {
    assert_eq!(Handle::current().runtime_flavor(), RuntimeFlavor::MultiThread);
    assert_eq!(Handle::current().metrics().num_workers(), 4);
}

#[test]
fn the_first_tests_in_the_chapter_are_run() {
    let [chapter, file] = [include_str!("../../../README.md"), include_str!("first.rs")];
    let [chapter, file] = [chapter, file].map(|text| text.replace("\r\n", "\n"));
    let (_, begin) = file.split_once("\n\n").unwrap();
    let shown = room::code_blocks(&chapter).into_iter().filter(|(_, code)| code.contains("#[tokio::test"));
    let shown: Vec<_> = shown.map(|(_, code)| code).collect();
    assert_eq!(shown.join("\n\n"), begin.trim_end());
}
