//! Streams of bytes.

use std::io::ErrorKind;

use futures::StreamExt;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, BufWriter, duplex};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::codec::{FramedRead, LinesCodec, LinesCodecError};

use super::is_pending;

#[tokio::test]
async fn write_all_waits_until_there_is_room() {
    let (mut near, mut far) = duplex(4);
    assert!(is_pending(near.write_all(b"12345")));
    far.read_exact(&mut [0; 4]).await.unwrap();
    assert!(!is_pending(near.write_all(b"5")));
}

#[tokio::test]
async fn one_write_may_take_a_part() {
    let (mut near, _far) = duplex(4);
    assert_eq!(near.write(b"12345").await.unwrap(), 4);
}

#[tokio::test]
async fn what_a_buf_writer_holds_is_lost_without_a_flush() {
    let (near, mut far) = duplex(64);
    let mut writer = BufWriter::new(near);
    writer.write_all(b"flushed").await.unwrap();
    writer.flush().await.unwrap();
    writer.write_all(b", lost").await.unwrap();
    drop(writer);
    let mut text = String::new();
    far.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "flushed");
}

#[tokio::test]
async fn read_exact_of_too_little_is_an_unexpected_end() {
    let (mut near, mut far) = duplex(64);
    near.write_all(b"half").await.unwrap();
    drop(near);
    let mut bytes = [0; 8];
    let error = far.read_exact(&mut bytes).await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    // What there was is in the buffer, but not how much it was.
    assert_eq!(&bytes, b"half\0\0\0\0");
}

#[tokio::test]
async fn a_line_may_be_as_long_as_it_likes() {
    let long = [vec![b'x'; 1 << 17], vec![b'\n']].concat();
    let mut line = String::new();
    assert_eq!(BufReader::new(&long[..]).read_line(&mut line).await.unwrap(), (1 << 17) + 1);
}

#[tokio::test]
async fn a_lines_codec_has_a_limit() {
    let mut lines = FramedRead::new(&b"12345\n"[..], LinesCodec::new_with_max_length(4));
    let first = lines.next().await.unwrap();
    assert!(matches!(first, Err(LinesCodecError::MaxLineLengthExceeded)));
}

#[tokio::test]
async fn take_limits_what_a_line_may_cost() {
    let mut reader = BufReader::new(&b"12345\n"[..]).take(4);
    let mut line = String::new();
    reader.read_line(&mut line).await.unwrap();
    assert_eq!(line, "1234");
}

#[tokio::test]
async fn at_the_end_read_is_zero_and_next_line_is_none() {
    let (near, mut far) = duplex(4);
    drop(near);
    assert_eq!(far.read(&mut [0; 4]).await.unwrap(), 0);
    assert_eq!(BufReader::new(far).lines().next_line().await.unwrap(), None);
}

#[tokio::test]
async fn shutdown_is_the_end_for_the_reader() {
    let (mut near, mut far) = duplex(64);
    near.write_all(b"all").await.unwrap();
    near.shutdown().await.unwrap();
    let mut text = String::new();
    far.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "all");
    // The other direction is still open.
    far.write_all(b"thanks").await.unwrap();
}

#[tokio::test]
async fn a_server_is_a_loop_that_accepts_and_spawns() {
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
}

#[tokio::test]
async fn dropping_the_owned_writing_half_ends_the_stream_for_the_reader() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
    let (mut server, _) = listener.accept().await.unwrap();
    let (_reader, writer) = client.into_split();
    drop(writer);
    assert_eq!(server.read(&mut [0; 4]).await.unwrap(), 0);
}
