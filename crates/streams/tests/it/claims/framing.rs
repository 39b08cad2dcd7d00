//! Frames out of bytes, with tokio-util's codecs.

use std::io;

use tokio::io::{AsyncWriteExt, duplex};
use tokio_util::bytes::{Buf, BytesMut};
use tokio_util::codec::{Decoder, FramedRead, LengthDelimitedCodec};

use super::*;

/// The decoder of the chapter: a byte says how many bytes follow.
struct Words;

impl Decoder for Words {
    type Item = BytesMut;
    type Error = io::Error;

    fn decode(&mut self, buffer: &mut BytesMut) -> io::Result<Option<BytesMut>> {
        let Some(&length) = buffer.first() else { return Ok(None) };
        if buffer.len() <= usize::from(length) {
            return Ok(None); // the rest is still to come
        }
        buffer.advance(1);
        Ok(Some(buffer.split_to(length.into())))
    }
}

#[test]
fn the_chapter_shows_the_decoder_that_is_tested_here() {
    let tested =
        include_str!("framing.rs").split_once("struct Words;").and_then(|(_, code)| code.split_once("#[test]"));
    assert!(include_str!("../../../README.md").contains(tested.unwrap().0.trim()));
}

#[test]
fn frames_come_whole_however_the_bytes_are_cut() {
    everywhere(|world| {
        let words = world.run(async {
            let (mut near, far) = duplex(1);
            let write = async move { near.write_all(b"\x02hi\x00\x05there").await };
            let read = FramedRead::new(far, Words).try_collect::<Vec<_>>();
            tokio::try_join!(write, read).unwrap().1
        });
        assert_eq!(words, [&b"hi"[..], b"", b"there"]);
    });
}

#[test]
fn a_dropped_next_of_framed_read_loses_no_byte() {
    everywhere(|world| {
        let word = world.run(async {
            let (mut near, far) = duplex(64);
            let mut words = FramedRead::new(far, Words);
            near.write_all(b"\x02h").await.unwrap();
            assert!(words.next().now_or_never().is_none());
            near.write_all(b"i").await.unwrap();
            words.next().await.unwrap().unwrap()
        });
        assert_eq!(word, &b"hi"[..]);
    });
}

#[test]
fn an_end_in_the_middle_of_a_frame_is_an_error() {
    everywhere(|world| {
        let mut words = FramedRead::new(&b"\x02hi\x05the"[..], Words);
        let (whole, cut) = world.run(async move { (words.next().await, words.next().await) });
        assert_eq!(whole.unwrap().unwrap(), &b"hi"[..]);
        assert_eq!(cut.unwrap().unwrap_err().to_string(), "bytes remaining on stream");
    });
}

#[test]
fn the_length_delimited_codec_refuses_a_frame_of_more_than_8_mib() {
    everywhere(|world| {
        for (length, refused) in [(8 * 1024 * 1024, false), (8 * 1024 * 1024 + 1, true)] {
            let header = u32::to_be_bytes(length);
            let mut frames = FramedRead::new(&header[..], LengthDelimitedCodec::new());
            let first = world.run(async move { frames.try_next().await });
            assert_eq!(first.is_err_and(|error| error.kind() == io::ErrorKind::InvalidData), refused, "{length}");
        }
    });
}
