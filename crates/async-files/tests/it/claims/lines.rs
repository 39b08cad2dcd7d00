//! The lines of a log, a growing file, and copying.

use std::cell::Cell;
use std::future::poll_fn;
use std::io::{Cursor, ErrorKind, Write};
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use async_files::{Follow, Line, Lines, copy, naive, write};
use futures::poll;
use room::everywhere;
use tokio::fs::File;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, BufWriter, duplex, repeat};
use tokio_util::io::InspectReader;

use super::{Held, file_with, with_a_pool_of_one};

const LOOKS: Duration = Duration::from_millis(1);

fn whole(text: &str) -> Line {
    Line { text: text.to_owned(), cut: false }
}

fn cut(text: &str) -> Line {
    Line { text: text.to_owned(), cut: true }
}

async fn all(text: &[u8], longest: usize) -> Vec<Line> {
    let mut lines = Lines::new(text, longest);
    let mut seen = Vec::new();
    while let Some(line) = lines.next().await.unwrap() {
        seen.push(line);
    }
    seen
}

#[test]
fn lines_returns_an_error_for_a_line_that_is_not_utf_8_and_then_goes_on() {
    everywhere(|world| {
        world.run(async {
            let mut lines = BufReader::new(&b"tea\ncaf\xe9\ncake\n"[..]).lines();
            assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("tea"));
            let error = lines.next_line().await.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidData);
            assert_eq!(error.to_string(), "incomplete utf-8 byte sequence from index 3");
            assert_eq!(lines.next_line().await.unwrap().as_deref(), Some("cake"));
        });
        let (_folder, path) = file_with(b"tea\ncaf\xe9\n");
        world.run(async {
            assert_eq!(naive::lines_with("tea", &path).await.unwrap_err().kind(), ErrorKind::InvalidData);
        });
    });
}

#[test]
fn the_naive_version_counts_the_lines_of_a_file_that_is_all_utf_8() {
    everywhere(|world| {
        let (_folder, path) = file_with("black tea\ncafé\ngreen tea\n");
        assert_eq!(world.run(naive::lines_with("tea", &path)).unwrap(), 2);
    });
}

#[test]
fn a_byte_that_is_not_utf_8_becomes_a_replacement_character() {
    everywhere(|world| {
        world.run(async {
            let seen = all(b"tea\ncaf\xe9\ncake\n", 100).await;
            assert_eq!(seen, [whole("tea"), whole("caf\u{fffd}"), whole("cake")]);
        });
    });
}

#[test]
fn a_line_that_is_too_long_is_cut_and_the_next_one_is_whole() {
    everywhere(|world| {
        world.run(async {
            assert_eq!(all(b"12345\n1234\n123456789", 4).await, [cut("1234"), whole("1234"), cut("1234")]);
            assert_eq!(all(b"\n1\n\n2", 0).await, [whole(""), cut(""), whole(""), cut("")]);
            // Its end comes alone, in a piece of its own.
            let mut in_pieces = Lines::new(BufReader::with_capacity(2, &b"1234\n5\n"[..]), 2);
            assert_eq!(in_pieces.next().await.unwrap(), Some(cut("12")));
            assert_eq!(in_pieces.next().await.unwrap(), Some(whole("5")));
        });
    });
}

#[test]
fn the_end_of_a_line_is_taken_off_and_the_last_line_needs_none() {
    everywhere(|world| {
        world.run(async {
            assert_eq!(all(b"a\r\n\nb", 9).await, [whole("a"), whole(""), whole("b")]);
            assert_eq!(all(b"", 9).await, []);
            assert_eq!(all(b"a\n", 9).await, [whole("a")]);
        });
    });
}

#[test]
fn the_end_of_a_line_does_not_count_for_its_limit() {
    everywhere(|world| {
        world.run(async {
            assert_eq!(all(b"1234\r\n12345\r\n1234\n", 4).await, [whole("1234"), cut("1234"), whole("1234")]);
            assert_eq!(all(b"\r\n", 0).await, [whole("")]);
            // The line break is divided, and so is what is too long.
            let mut in_pieces = Lines::new(BufReader::with_capacity(5, &b"1234\r\n12345678\r\n5\r\n"[..]), 4);
            assert_eq!(in_pieces.next().await.unwrap(), Some(whole("1234")));
            assert_eq!(in_pieces.next().await.unwrap(), Some(cut("1234")));
            assert_eq!(in_pieces.next().await.unwrap(), Some(whole("5")));
        });
    });
}

#[test]
fn a_line_without_an_end_takes_no_more_memory_than_the_limit() {
    everywhere(|world| {
        world.run(async {
            // A gigabyte without an end of line would not fit into the test's time; 8 MiB prove the bound as well.
            let endless = BufReader::new(repeat(b'a').take(8 << 20));
            let mut lines = Lines::new(endless, 1_000);
            let line = lines.next().await.unwrap().unwrap();
            assert_eq!((line.text.len(), line.cut), (1_000, true));
            assert!(line.text.capacity() < 4_000);
            assert_eq!(lines.next().await.unwrap(), None);
            // The same in pieces. The debug text shows what is kept of the line.
            let (mut ours, theirs) = duplex(64);
            let mut lines = Lines::new(BufReader::new(theirs), 100);
            for _ in 0..20 {
                ours.write_all(&[b'a'; 64]).await.unwrap();
                assert!(poll!(Box::pin(lines.next())).is_pending());
            }
            let kept = format!("{lines:?}").matches("97, ").count();
            assert!((50..200).contains(&kept), "{kept} of 1,280 bytes");
        });
    });
}

#[test]
fn a_carriage_return_just_after_the_limit_does_not_hide_that_the_line_was_cut() {
    everywhere(|world| {
        let seen = world.run(all(b"tea\rcake\ntea\r\n", 3));
        assert_eq!(seen, [cut("tea"), whole("tea")]);
    });
}

#[test]
fn a_next_that_is_cancelled_loses_nothing_of_the_line() {
    everywhere(|world| {
        world.run(async {
            let (mut ours, theirs) = duplex(64);
            let mut lines = Lines::new(BufReader::new(theirs), 100);
            ours.write_all(b"half a ").await.unwrap();
            assert!(poll!(Box::pin(lines.next())).is_pending());
            ours.write_all(b"line\n").await.unwrap();
            assert_eq!(lines.next().await.unwrap(), Some(whole("half a line")));
        });
    });
}

#[test]
fn a_followed_file_gives_a_line_when_it_has_its_end() {
    everywhere(|world| {
        let (_folder, path) = file_with("");
        world.run(async {
            let mut log = File::options().append(true).open(&path).await.unwrap();
            let mut follow = Follow::open(&path, 100, LOOKS).await.unwrap();
            write(&mut log, b"one\nhalf a ").await.unwrap();
            assert_eq!(follow.next().await.unwrap(), whole("one"));
            let rest = async {
                let mut line = Box::pin(follow.next());
                // It looks several times, and the half line is kept.
                for _ in 0..5 {
                    let look = tokio::time::timeout(LOOKS * 3, &mut line).await;
                    assert!(look.is_err());
                }
                write(&mut log, b"line\n").await.unwrap();
                line.await.unwrap()
            };
            assert_eq!(rest.await, whole("half a line"));
        });
    });
}

#[test]
fn the_naive_version_takes_half_a_line_for_a_line() {
    everywhere(|world| {
        let (_folder, path) = file_with("half a ");
        world.run(async {
            let mut file = File::open(&path).await.unwrap();
            assert_eq!(naive::next_line(&mut file).await.unwrap(), "half a");
        });
    });
}

#[test]
fn at_the_end_of_a_file_a_read_returns_at_once_and_later_reads_find_what_came() {
    everywhere(|world| {
        let (_folder, path) = file_with("tea");
        world.run(async {
            let mut file = File::open(&path).await.unwrap();
            let mut text = String::new();
            file.read_to_string(&mut text).await.unwrap();
            assert_eq!(file.read(&mut [0; 8]).await.unwrap(), 0);
            std::fs::OpenOptions::new().append(true).open(&path).unwrap().write_all(b"cake").unwrap();
            file.read_to_string(&mut text).await.unwrap();
            assert_eq!(text, "teacake");
        });
    });
}

#[test]
fn a_followed_file_that_becomes_shorter_is_read_from_its_beginning() {
    everywhere(|world| {
        let (_folder, path) = file_with("a long line\nand half of ");
        world.run(async {
            let mut follow = Follow::open(&path, 100, LOOKS).await.unwrap();
            assert_eq!(follow.next().await.unwrap(), whole("a long line"));
            assert!(tokio::time::timeout(LOOKS * 5, follow.next()).await.is_err());
            std::fs::write(&path, "new\n").unwrap();
            assert_eq!(follow.next().await.unwrap(), whole("new"));
        });
    });
}

/// Polls a future so many times, each time when it is woken, and drops it when it is woken once more.
async fn polled<F: Future>(future: F, mut times: usize) -> Option<F::Output> {
    let mut future = pin!(future);
    poll_fn(|context| {
        if times == 0 {
            return Poll::Ready(None);
        }
        times -= 1;
        future.as_mut().poll(context).map(Some)
    })
    .await
}

#[test]
fn a_followed_file_that_becomes_shorter_loses_nothing_when_the_caller_gives_up() {
    everywhere(|world| {
        for times in 1..=12 {
            let (_folder, path) = file_with("a long line\nand half of ");
            world.run(async {
                let mut follow = Follow::open(&path, 100, LOOKS).await.unwrap();
                assert_eq!(follow.next().await.unwrap(), whole("a long line"));
                assert!(tokio::time::timeout(LOOKS * 5, follow.next()).await.is_err());
                std::fs::write(&path, "new\n").unwrap();
                let line = match polled(follow.next(), times).await {
                    Some(line) => line,
                    None => follow.next().await,
                };
                assert_eq!(line.unwrap(), whole("new"), "given up after {times} polls");
            });
        }
    });
}

#[test]
fn a_copy_says_how_far_it_is_and_is_flushed_at_its_end() {
    everywhere(|world| {
        let (folder, path) = file_with(vec![7; 200_000]);
        world.run(async {
            let mut from = File::open(&path).await.unwrap();
            let mut to = BufWriter::with_capacity(1 << 20, File::create(folder.path().join("copy")).await.unwrap());
            let mut seen = Vec::new();
            assert_eq!(copy(&mut from, &mut to, |copied| seen.push(copied)).await.unwrap(), 200_000);
            assert_eq!(seen, [65_536, 131_072, 196_608, 200_000]);
            assert_eq!(std::fs::read(folder.path().join("copy")).unwrap(), vec![7; 200_000]);
        });
    });
}

#[test]
fn tokio_io_copy_moves_8_kib_at_a_time_and_copy_64_kib() {
    everywhere(|world| {
        world.run(async {
            let (bytes, largest) = (vec![7; 1 << 20], Cell::new(0));
            let mut from = InspectReader::new(&bytes[..], |piece| largest.set(largest.get().max(piece.len())));
            tokio::io::copy(&mut from, &mut tokio::io::sink()).await.unwrap();
            assert_eq!(largest.replace(0), 8 << 10);
            let mut from = InspectReader::new(&bytes[..], |piece| largest.set(largest.get().max(piece.len())));
            copy(&mut from, &mut tokio::io::sink(), |_| ()).await.unwrap();
            assert_eq!(largest.get(), 64 << 10);
        });
    });
}

#[test]
fn a_copy_to_a_full_disk_is_an_error() {
    everywhere(|world| {
        let (_folder, path) = file_with("tea");
        world.run(async {
            let mut full = File::open(&path).await.unwrap();
            assert!(copy(&mut Cursor::new(b"cake"), &mut full, |_| ()).await.is_err());
        });
    });
}

#[test]
fn a_copy_reads_the_next_piece_while_one_is_written() {
    everywhere(|world| {
        let (_folder, path) = file_with("");
        with_a_pool_of_one(world, async {
            let mut to = File::create(&path).await.unwrap();
            let (bytes, read) = (vec![7; 100_000], Cell::new(0));
            let mut from = InspectReader::new(&bytes[..], |piece| read.set(read.get() + piece.len()));
            let held = Held::pool().await;
            let mut seen = Vec::new();
            let mut copying = Box::pin(copy(&mut from, &mut to, |copied| seen.push(copied)));
            assert!(poll!(&mut copying).is_pending());
            // No thread has written anything, and the next piece is read.
            assert_eq!((std::fs::metadata(&path).unwrap().len(), read.get()), (0, 100_000));
            held.release().await;
            copying.await.unwrap();
            assert_eq!(seen, [65_536, 100_000]);
        });
    });
}
