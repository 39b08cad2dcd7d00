//! Streams of bytes.

use std::io::{self, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll};

use futures::StreamExt;
use room::everywhere;
use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWriteExt, BufReader, BufWriter, ReadBuf, duplex};
use tokio::net::{TcpListener, TcpStream, UdpSocket};
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};

use super::{is_pending, real_io};

#[test]
fn write_all_waits_until_there_is_room() {
    everywhere(|world| {
        world.run(async {
            let (mut near, mut far) = duplex(4);
            assert!(is_pending(near.write_all(b"12345")));
            far.read_exact(&mut [0; 4]).await.unwrap();
            assert!(!is_pending(near.write_all(b"5")));
        });
    });
}

#[test]
fn one_write_may_write_only_a_part_of_the_bytes() {
    everywhere(|world| {
        world.run(async {
            let (mut near, _far) = duplex(4);
            assert_eq!(near.write(b"12345").await.unwrap(), 4);
        });
    });
}

#[test]
fn a_buf_writer_that_is_dropped_without_a_flush_loses_its_bytes() {
    everywhere(|world| {
        world.run(async {
            let (near, mut far) = duplex(64);
            let mut writer = BufWriter::new(near);
            writer.write_all(b"flushed").await.unwrap();
            writer.flush().await.unwrap();
            writer.write_all(b", lost").await.unwrap();
            drop(writer);
            let mut text = String::new();
            far.read_to_string(&mut text).await.unwrap();
            assert_eq!(text, "flushed");
        });
    });
}

#[test]
fn read_exact_fails_if_the_stream_ends_too_early() {
    everywhere(|world| {
        world.run(async {
            let (mut near, mut far) = duplex(64);
            near.write_all(b"half").await.unwrap();
            drop(near);
            let mut bytes = [0; 8];
            let error = far.read_exact(&mut bytes).await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
            // What there was is in the buffer, but not how much it was.
            assert_eq!(&bytes, b"half\0\0\0\0");
        });
    });
}

#[test]
fn a_line_may_have_any_length() {
    everywhere(|world| {
        world.run(async {
            let long = [vec![b'x'; 1 << 17], vec![b'\n']].concat();
            let mut line = String::new();
            assert_eq!(BufReader::new(&long[..]).read_line(&mut line).await.unwrap(), (1 << 17) + 1);
        });
    });
}

#[test]
fn a_lines_codec_can_limit_the_length_of_a_line() {
    everywhere(|world| {
        world.run(async {
            let mut lines = FramedRead::new(&b"12345\n"[..], LinesCodec::new_with_max_length(4));
            let first = lines.next().await.unwrap();
            assert!(matches!(first, Err(LinesCodecError::MaxLineLengthExceeded)));
        });
    });
}

#[test]
fn take_limits_the_length_of_a_line() {
    everywhere(|world| {
        world.run(async {
            let mut reader = BufReader::new(&b"12345\n"[..]).take(4);
            let mut line = String::new();
            reader.read_line(&mut line).await.unwrap();
            assert_eq!(line, "1234");
        });
    });
}

#[test]
fn at_the_end_read_returns_zero_and_next_line_returns_none() {
    everywhere(|world| {
        world.run(async {
            let (near, mut far) = duplex(4);
            drop(near);
            assert_eq!(far.read(&mut [0; 4]).await.unwrap(), 0);
            assert_eq!(BufReader::new(far).lines().next_line().await.unwrap(), None);
        });
    });
}

#[test]
fn after_a_shutdown_the_reader_sees_the_end() {
    everywhere(|world| {
        world.run(async {
            let (mut near, mut far) = duplex(64);
            near.write_all(b"all").await.unwrap();
            near.shutdown().await.unwrap();
            let mut text = String::new();
            far.read_to_string(&mut text).await.unwrap();
            assert_eq!(text, "all");
            // The other direction is still open.
            far.write_all(b"thanks").await.unwrap();
        });
    });
}

#[test]
fn a_server_is_a_loop_that_accepts_and_spawns() {
    everywhere(|world| {
        real_io(world, async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let address = listener.local_addr().unwrap();
            let server = tokio::spawn(async move {
                while let Ok((mut socket, _)) = listener.accept().await {
                    tokio::spawn(async move {
                        let (mut reader, mut writer) = socket.split();
                        tokio::io::copy(&mut reader, &mut writer).await
                    });
                }
            });
            let mut client = TcpStream::connect(address).await.unwrap();
            client.write_all(b"echo").await.unwrap();
            client.shutdown().await.unwrap();
            let mut text = String::new();
            client.read_to_string(&mut text).await.unwrap();
            assert_eq!(text, "echo");
            server.abort();
        });
    });
}

#[test]
fn a_dropped_listener_leaves_its_connections_open() {
    everywhere(|world| {
        real_io(world, async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            let (mut server, _) = listener.accept().await.unwrap();
            drop(listener);
            server.write_all(b"still here").await.unwrap();
            drop(server);
            let mut text = String::new();
            client.read_to_string(&mut text).await.unwrap();
            assert_eq!(text, "still here");
        });
    });
}

#[test]
fn copy_bidirectional_carries_bytes_both_ways_until_both_have_ended() {
    everywhere(|world| {
        world.run(async {
            let ((mut client, mut near), (mut far, mut server)) = (duplex(64), duplex(64));
            let proxy = tokio::spawn(async move { tokio::io::copy_bidirectional(&mut near, &mut far).await });
            client.write_all(b"ping").await.unwrap();
            client.shutdown().await.unwrap();
            let mut asked = String::new();
            server.read_to_string(&mut asked).await.unwrap();
            server.write_all(b"pong!").await.unwrap();
            drop(server);
            let mut answered = String::new();
            client.read_to_string(&mut answered).await.unwrap();
            assert_eq!((&asked[..], &answered[..], proxy.await.unwrap().unwrap()), ("ping", "pong!", (4, 5)));
        });
    });
}

#[test]
fn dropping_the_owned_writing_half_ends_the_stream_for_the_reader() {
    everywhere(|world| {
        real_io(world, async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            let (mut server, _) = listener.accept().await.unwrap();
            let (_reader, writer) = client.into_split();
            drop(writer);
            assert_eq!(server.read(&mut [0; 4]).await.unwrap(), 0);
        });
    });
}

#[test]
fn one_tcp_stream_reads_and_writes_and_into_split_makes_two_of_it() {
    everywhere(|world| {
        real_io(world, async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let mut client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
            let (mut server, _) = listener.accept().await.unwrap();
            client.write_all(b"ping").await.unwrap();
            server.read_exact(&mut [0; 4]).await.unwrap();
            server.write_all(b"pong").await.unwrap();
            client.read_exact(&mut [0; 2]).await.unwrap();
            // Each half can go to a task of its own.
            let (mut reader, mut writer) = client.into_split();
            tokio::spawn(async move { reader.read_exact(&mut [0; 2]).await }).await.unwrap().unwrap();
            tokio::spawn(async move { writer.write_all(b"!").await }).await.unwrap().unwrap();
        });
    });
}

#[cfg(unix)]
#[test]
fn a_unix_stream_also_reads_and_writes() {
    everywhere(|world| {
        real_io(world, async {
            let (mut near, mut far) = tokio::net::UnixStream::pair().unwrap();
            near.write_all(b"ping").await.unwrap();
            far.read_exact(&mut [0; 4]).await.unwrap();
            far.write_all(b"pong").await.unwrap();
            near.read_exact(&mut [0; 4]).await.unwrap();
        });
    });
}

/// Counts how often it is asked for bytes.
struct Counted(&'static [u8], usize);

impl AsyncRead for Counted {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.1 += 1;
        Pin::new(&mut self.0).poll_read(cx, buffer)
    }
}

#[test]
fn a_reader_without_a_buffer_reads_from_its_source_at_every_call() {
    everywhere(|world| {
        world.run(async {
            let mut plain = Counted(b"users", 0);
            let mut buffered = BufReader::new(Counted(b"users", 0));
            for letter in b"users" {
                assert_eq!(plain.read_u8().await.unwrap(), *letter);
                assert_eq!(buffered.read_u8().await.unwrap(), *letter);
            }
            assert_eq!((plain.1, buffered.get_ref().1), (5, 1));
        });
    });
}

#[test]
fn copy_takes_any_reader_and_any_writer() {
    everywhere(|world| {
        world.run(async {
            let mut written = Vec::new();
            assert_eq!(tokio::io::copy(&mut Counted(b"users", 0), &mut written).await.unwrap(), 5);
            assert_eq!(written, b"users");
        });
    });
}

#[test]
fn a_datagram_comes_with_the_address_of_its_sender() {
    everywhere(|world| {
        real_io(world, async {
            let near = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            let far = UdpSocket::bind("127.0.0.1:0").await.unwrap();
            near.send_to(b"ping", far.local_addr().unwrap()).await.unwrap();
            assert_eq!(far.recv_from(&mut [0; 64]).await.unwrap(), (4, near.local_addr().unwrap()));
        });
    });
}
