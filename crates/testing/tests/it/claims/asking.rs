//! The client of lines.

use std::io::ErrorKind;

use room::{everywhere, on_the_paused_clock, on_the_real_clock};
use testing::{MOST, ask};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use tokio_test::io::Builder;

use super::ms;

/// What comes of an answer of these bytes, at the end of which the connection is closed.
async fn answered(bytes: &[u8]) -> Result<String, ErrorKind> {
    let (client, mut server) = duplex(4 * usize::try_from(MOST).unwrap());
    server.write_all(bytes).await.unwrap();
    server.shutdown().await.unwrap();
    ask(client, "PING", ms(1_000_000)).await.map_err(|error| error.kind())
}

#[test]
fn the_same_client_talks_to_a_socket_on_the_real_clock() {
    on_the_real_clock(|world| {
        world.run(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            let server = async {
                let (mut stream, _) = listener.accept().await.unwrap();
                let mut question = String::new();
                BufReader::new(&mut stream).read_line(&mut question).await.unwrap();
                stream.write_all(question.replace('I', "O").as_bytes()).await.unwrap();
                stream
            };
            let (answer, _stream) = tokio::join!(ask(client, "PING", ms(1_000_000)), server);
            assert_eq!(answer.unwrap(), "PONG");
        });
    });
}

#[test]
fn an_answer_is_a_line_of_utf_8_with_an_end_and_a_limit() {
    everywhere(|world| {
        world.run(async {
            assert_eq!(answered(b"PONG\nrest").await, Ok("PONG".to_owned()));
            assert_eq!(answered(b"\n").await, Ok(String::new()));
            assert_eq!(answered(b"").await, Err(ErrorKind::UnexpectedEof));
            assert_eq!(answered(b"PON").await, Err(ErrorKind::UnexpectedEof));
            assert_eq!(answered(b"\xff\n").await, Err(ErrorKind::InvalidData));
            let most = usize::try_from(MOST).unwrap();
            let line = |length: usize| ["x".repeat(length).as_str(), "\n"].concat();
            assert_eq!(answered(line(most - 1).as_bytes()).await.map(|answer| answer.len()), Ok(most - 1));
            assert_eq!(answered(line(most).as_bytes()).await, Err(ErrorKind::InvalidData));
        });
    });
}

#[test]
fn a_server_that_says_nothing_is_given_up_at_the_limit_on_the_paused_clock() {
    on_the_paused_clock(|world| {
        world.run(async {
            let server = Builder::new().write(b"PING\n").wait(ms(5_000)).build();
            let started = Instant::now();
            let error = ask(server, "PING", ms(1_000)).await.unwrap_err();
            assert_eq!((error.kind(), started.elapsed()), (ErrorKind::TimedOut, ms(1_000)));
        });
    });
}
