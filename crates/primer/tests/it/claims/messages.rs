//! The messages that people search for: each is provoked here, and stands on the page to the letter.

use std::io::{self, ErrorKind};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Duration;

use room::{World, everywhere, on_one_thread, run_python, with_several_workers};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::{Builder, Handle, Runtime};
use tokio::sync::{broadcast, mpsc, oneshot};
use tokio::time::{sleep, timeout};

use super::{ms, real_io};

/// The page quotes this message; Markdown's own marks do not count.
#[track_caller]
fn on_the_page(message: &str) {
    let plain = |text: &str| {
        let text = text.replace(['`', '\\'], "");
        text.split_whitespace().filter(|word| *word != ">").collect::<Vec<_>>().join(" ")
    };
    let page = plain(&crate::pages::page("messages"));
    assert!(page.contains(&plain(message)), "messages.md does not quote: {message}");
}

/// The page quotes the message of the panic that this closure ends in.
#[track_caller]
fn panics_as_on_the_page(closure: impl FnOnce()) {
    let panic = catch_unwind(AssertUnwindSafe(closure)).expect_err("this is to panic");
    let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
    on_the_page(text.unwrap());
}

/// The page quotes what Python writes to its standard error for this script, from these words on.
#[track_caller]
fn python_says_as_on_the_page(script: &str, words: &str) {
    let said = run_python(&format!(
        "
import subprocess, sys
print(subprocess.run([sys.executable, '-c', {script:?}], capture_output=True, text=True).stderr)"
    ));
    // Empty where there is no Python.
    assert!(said.is_empty() || said.contains(words), "{said}");
    on_the_page(words);
}

fn one_thread() -> Runtime {
    Builder::new_current_thread().build().unwrap()
}

#[test]
fn a_timer_outside_a_runtime_panics() {
    panics_as_on_the_page(|| drop(sleep(Duration::ZERO)));
}

#[test]
fn a_timer_on_a_runtime_without_time_panics() {
    panics_as_on_the_page(|| one_thread().block_on(sleep(Duration::ZERO)));
}

#[test]
fn pause_with_several_workers_panics() {
    with_several_workers(|world| panics_as_on_the_page(|| world.run(async { tokio::time::pause() })));
}

#[test]
fn a_timer_on_a_runtime_that_has_ended_panics() {
    everywhere(|world| {
        let runtime = world.builder().build().unwrap();
        let handle = runtime.handle().clone();
        drop(runtime);
        panics_as_on_the_page(|| handle.block_on(async { sleep(Duration::ZERO).await }));
    });
}

#[test]
fn block_on_inside_a_runtime_panics() {
    everywhere(|world| {
        panics_as_on_the_page(|| world.run(async { Handle::current().block_on(async {}) }));
    });
}

#[test]
fn a_runtime_dropped_inside_a_runtime_panics() {
    everywhere(|world| panics_as_on_the_page(|| world.run(async { drop(one_thread()) })));
}

#[test]
fn blocking_send_inside_a_runtime_panics() {
    everywhere(|world| {
        panics_as_on_the_page(|| {
            world.run(async {
                let (sender, _receiver) = mpsc::channel(1);
                sender.blocking_send(1).unwrap();
            });
        });
    });
}

#[test]
fn block_in_place_panics_on_one_thread() {
    on_one_thread(|world| {
        panics_as_on_the_page(|| world.run(async { tokio::task::block_in_place(|| ()) }));
    });
}

#[test]
fn spawn_local_outside_a_local_set_panics() {
    everywhere(|world| {
        panics_as_on_the_page(|| {
            world.run(async {
                tokio::task::spawn_local(async {});
            });
        });
    });
}

#[test]
fn a_select_without_an_enabled_branch_panics() {
    everywhere(|world| {
        panics_as_on_the_page(|| {
            world.run(async {
                tokio::select! { Some(()) = async { None::<()> } => {} }
            });
        });
    });
}

#[test]
fn a_join_handle_awaited_twice_panics() {
    everywhere(|world| {
        panics_as_on_the_page(|| {
            world.run(async {
                let mut handle = tokio::spawn(async {});
                (&mut handle).await.unwrap();
                let _ = (&mut handle).await;
            });
        });
    });
}

#[test]
fn an_async_fn_awaited_after_its_end_panics() {
    everywhere(|world| {
        panics_as_on_the_page(|| {
            world.run(async {
                let mut future = Box::pin(async {});
                (&mut future).await;
                (&mut future).await;
            });
        });
    });
}

#[test]
fn a_spawn_on_a_runtime_that_has_ended_ends_in_a_cancelled_error() {
    let runtime = one_thread();
    let handle = runtime.handle().clone();
    drop(runtime);
    let task = handle.spawn(async {});
    let error = one_thread().block_on(task).unwrap_err();
    assert!(error.is_cancelled());
    on_the_page("was cancelled");
}

#[test]
fn a_panic_in_a_task_comes_out_of_its_handle() {
    everywhere(|world| {
        let error = world.run(async { tokio::spawn(async { panic!("no stock") }).await.unwrap_err() });
        assert!(error.is_panic());
        assert!(error.to_string().ends_with("panicked with message \"no stock\""), "{error}");
        on_the_page("panicked with message");
    });
}

#[test]
fn unwrap_of_a_join_error_shows_the_message_of_the_panic() {
    everywhere(|world| {
        let shown = world.run(async {
            let error = tokio::spawn(async { panic!("no stock") }).await.unwrap_err();
            let aborted = tokio::spawn(std::future::pending::<()>());
            aborted.abort();
            [error, aborted.await.unwrap_err()].map(|error| format!("{error:?}"))
        });
        for (shown, words) in
            shown.iter().zip([["JoinError::Panic(Id(", ", \"no stock\", ...)"], ["JoinError::Cancelled(Id(", "))"]])
        {
            assert!(shown.starts_with(words[0]) && shown.ends_with(words[1]), "{shown}");
            words.into_iter().for_each(on_the_page);
        }
    });
}

/// The page quotes this error, as `main` and `unwrap` show it; its number and words are those of Linux.
#[track_caller]
fn fails_as_on_the_page<T: std::fmt::Debug>(result: io::Result<T>, kind: ErrorKind) {
    let error = result.unwrap_err();
    assert_eq!(error.kind(), kind, "{error:?}");
    if cfg!(target_os = "linux") {
        on_the_page(&error.to_string());
        on_the_page(&format!("Error: {error:?}"));
    }
}

async fn listener() -> TcpListener {
    TcpListener::bind("127.0.0.1:0").await.unwrap()
}

/// A client whose server has gone without having read what the client sent.
async fn a_client_that_was_left() -> TcpStream {
    let listener = listener().await;
    let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    client.write_all(b"never read").await.unwrap();
    let (server, _) = listener.accept().await.unwrap();
    server.readable().await.unwrap();
    client
}

#[test]
fn a_second_listener_on_a_port_is_refused() {
    everywhere(|world| {
        real_io(world, async {
            let first = listener().await;
            let second = TcpListener::bind(first.local_addr().unwrap()).await;
            fails_as_on_the_page(second, ErrorKind::AddrInUse);
        });
    });
}

#[test]
fn two_listeners_on_port_0_get_two_ports() {
    everywhere(|world| {
        real_io(world, async {
            let (first, second) = (listener().await, listener().await);
            assert_ne!(first.local_addr().unwrap(), second.local_addr().unwrap());
        });
    });
}

#[test]
fn a_connection_to_a_port_without_a_listener_is_refused() {
    everywhere(|world| {
        real_io(world, async {
            let address = listener().await.local_addr().unwrap();
            fails_as_on_the_page(TcpStream::connect(address).await, ErrorKind::ConnectionRefused);
        });
    });
}

#[test]
fn a_peer_that_closes_before_it_has_read_resets_the_connection() {
    everywhere(|world| {
        real_io(world, async {
            let read = a_client_that_was_left().await.read(&mut [0]).await;
            fails_as_on_the_page(read, ErrorKind::ConnectionReset);
        });
    });
}

#[cfg(unix)]
#[test]
fn a_write_after_a_reset_is_a_broken_pipe_on_unix() {
    everywhere(|world| {
        real_io(world, async {
            let mut client = a_client_that_was_left().await;
            client.read(&mut [0]).await.unwrap_err();
            fails_as_on_the_page(client.write_all(b"into nothing").await, ErrorKind::BrokenPipe);
        });
    });
}

#[test]
fn the_first_write_to_a_closed_connection_can_succeed() {
    everywhere(|world| {
        real_io(world, async {
            let listener = listener().await;
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            drop(listener.accept().await.unwrap());
            client.write_all(b"into nothing").await.unwrap();
        });
    });
}

#[test]
fn a_channel_whose_other_end_is_gone_says_channel_closed() {
    everywhere(|world| {
        let said = world.run(async {
            let (sender, receiver) = mpsc::channel(1);
            drop(receiver);
            let (asked, answer) = oneshot::channel::<()>();
            drop(asked);
            [sender.send(1).await.unwrap_err().to_string(), answer.await.unwrap_err().to_string()]
        });
        assert_eq!(said, ["channel closed", "channel closed"]);
        on_the_page(&said[0]);
    });
}

#[test]
fn unwrap_of_a_channel_error_shows_it_and_a_oneshot_shows_the_item() {
    everywhere(|world| {
        let shown = world.run(async {
            let (sender, receiver) = mpsc::channel(1);
            drop(receiver);
            let (asked, answer) = oneshot::channel::<()>();
            drop(asked);
            let (order, receiver) = oneshot::channel();
            drop(receiver);
            let errors =
                [format!("{:?}", sender.send(1).await.unwrap_err()), format!("{:?}", answer.await.unwrap_err())];
            errors.into_iter().chain([format!("{:?}", order.send("order 7").unwrap_err())]).collect::<Vec<_>>()
        });
        for error in shown {
            on_the_page(&format!("called `Result::unwrap()` on an `Err` value: {error}"));
        }
    });
}

#[test]
fn a_slow_broadcast_receiver_is_told_that_the_channel_lagged() {
    everywhere(|world| {
        let said = world.run(async {
            let (sender, mut receiver) = broadcast::channel(2);
            for item in 0..5 {
                sender.send(item).unwrap();
            }
            receiver.recv().await.unwrap_err().to_string()
        });
        assert_eq!(said, "channel lagged by 3");
        on_the_page(&said);
    });
}

#[test]
fn a_timeout_says_deadline_has_elapsed() {
    everywhere(|world| {
        let said = world.run(async { timeout(ms(1), std::future::pending::<()>()).await.unwrap_err().to_string() });
        on_the_page(&said);
    });
}

#[test]
fn futures_block_on_inside_futures_block_on_panics() {
    panics_as_on_the_page(|| futures::executor::block_on(async { futures::executor::block_on(async {}) }));
}

#[test]
fn python_says_that_a_coroutine_was_never_awaited() {
    python_says_as_on_the_page(
        "
import asyncio
async def main(): asyncio.sleep(0)
asyncio.run(main())",
        "was never awaited",
    );
}

#[test]
fn python_says_that_a_coroutine_cannot_be_awaited_again() {
    python_says_as_on_the_page(
        "
import asyncio
async def main():
    work = asyncio.sleep(0)
    await work
    await work
asyncio.run(main())",
        "cannot reuse already awaited coroutine",
    );
}

#[test]
fn python_says_that_a_loop_is_running_already() {
    python_says_as_on_the_page(
        "
import asyncio
async def main(): asyncio.get_running_loop().run_until_complete(asyncio.Future())
asyncio.run(main())",
        "This event loop is already running",
    );
    python_says_as_on_the_page(
        "
import asyncio
async def main():
    inner = asyncio.sleep(0)
    try: asyncio.run(inner)
    finally: inner.close()
asyncio.run(main())",
        "asyncio.run() cannot be called from a running event loop",
    );
}

#[test]
fn python_says_that_the_loop_is_closed() {
    python_says_as_on_the_page(
        "
import asyncio
async def main(): return asyncio.get_running_loop()
loop = asyncio.run(main())
loop.call_soon(print)",
        "Event loop is closed",
    );
}

#[test]
fn python_says_that_no_loop_is_running() {
    python_says_as_on_the_page("import asyncio; asyncio.get_running_loop()", "no running event loop");
}

#[test]
fn python_says_that_an_address_is_in_use() {
    python_says_as_on_the_page(
        "
import asyncio
async def main():
    first = await asyncio.start_server(print, '127.0.0.1', 0)
    await asyncio.start_server(print, *first.sockets[0].getsockname())
asyncio.run(main())",
        "error while attempting to bind on address ('127.0.0.1', ",
    );
}

#[test]
fn python_says_that_a_connection_is_refused() {
    python_says_as_on_the_page(
        "
import asyncio
async def main():
    server = await asyncio.start_server(print, '127.0.0.1', 0)
    address = server.sockets[0].getsockname()
    server.close()
    await asyncio.open_connection(*address)
asyncio.run(main())",
        "Connect call failed ('127.0.0.1', ",
    );
}

/// A server that resets each connection, and a client of it.
const RESETS: &str = "
import asyncio, socket, struct
async def reset(reader, writer):
    linger = struct.pack('ii', 1, 0)
    writer.get_extra_info('socket').setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()
async def connect():
    server = await asyncio.start_server(reset, '127.0.0.1', 0)
    return await asyncio.open_connection(*server.sockets[0].getsockname())";

#[cfg(unix)]
#[test]
fn python_says_that_a_connection_was_reset() {
    let script = format!(
        "{RESETS}
async def main():
    reader, _ = await connect()
    await reader.read()
asyncio.run(main())"
    );
    python_says_as_on_the_page(&script, "Connection reset by peer");
}

#[cfg(unix)]
#[test]
fn asyncio_drain_raises_after_a_reset() {
    let said = run_python(&format!(
        "{RESETS}
async def main():
    reader, writer = await connect()
    try: await reader.read()
    except ConnectionResetError: pass
    writer.write(b'x')
    try: await writer.drain()
    except ConnectionResetError: print('raised')
asyncio.run(main())"
    ));
    assert!(said.is_empty() || said == "raised\n", "{said}");
}

#[cfg(unix)]
#[test]
fn python_says_that_a_pipe_is_broken() {
    let script = "import os; reader, writer = os.pipe(); os.close(reader); os.write(writer, b'x')";
    python_says_as_on_the_page(script, "BrokenPipeError: [Errno 32] Broken pipe");
}

#[test]
fn awaiting_an_asyncio_task_raises_its_exception() {
    let said = run_python(
        "
import asyncio
async def fails(): raise ValueError('no stock')
async def main():
    try: await asyncio.create_task(fails())
    except ValueError as error: print(error)
asyncio.run(main())",
    );
    assert!(said.is_empty() || said == "no stock\n", "{said}");
}

#[test]
fn python_says_that_an_exception_was_never_retrieved() {
    python_says_as_on_the_page(
        "
import asyncio
async def fails(): raise ValueError
async def main():
    task = asyncio.create_task(fails())
    await asyncio.sleep(0)
asyncio.run(main())",
        "Task exception was never retrieved",
    );
}

#[test]
fn python_says_that_a_pending_task_was_destroyed() {
    python_says_as_on_the_page(
        "
import asyncio, gc
async def waits(): await asyncio.Future()
async def main():
    asyncio.create_task(waits())
    await asyncio.sleep(0)
    gc.collect()
asyncio.run(main())",
        "Task was destroyed but it is pending!",
    );
}

#[test]
fn python_says_that_a_future_is_attached_to_a_different_loop() {
    python_says_as_on_the_page(
        "
import asyncio
async def main(): return asyncio.get_running_loop().create_future()
theirs = asyncio.run(main())
async def again(): await theirs
asyncio.run(again())",
        "attached to a different loop",
    );
}

#[test]
fn a_dropped_handle_hides_the_error_of_its_task() {
    everywhere(|world: World| {
        let ended = world.run(async {
            let (ended, end) = oneshot::channel::<()>();
            drop(tokio::spawn(async move {
                let _ended = ended;
                Err::<(), _>("nobody hears of this")
            }));
            // The sender is dropped with the task: this is all that anybody can see.
            end.await.is_err()
        });
        assert!(ended);
    });
}
