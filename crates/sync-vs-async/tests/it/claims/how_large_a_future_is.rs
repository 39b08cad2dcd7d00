//! What a future keeps while it waits.

use super::*;

const SMALL: usize = 512;
const KIB: usize = 1024;

/// Waits with a buffer of this many bytes, which it needs again afterwards.
async fn with_a_buffer<const BYTES: usize>() -> usize {
    let buffer = [1_u8; BYTES];
    sleep(ms(1)).await;
    buffer.len()
}

#[test]
fn a_future_is_as_large_as_its_largest_state() {
    let steps = async {
        sleep(ms(1)).await;
        with_a_buffer::<KIB>().await + with_a_buffer::<{ 8 * KIB }>().await + with_a_buffer::<{ 2 * KIB }>().await
    };

    assert!(size_of_val(&ask("users", ms(1))) < SMALL);
    assert!((8 * KIB..8 * KIB + SMALL).contains(&size_of_val(&steps)), "{} bytes", size_of_val(&steps));
}

#[test]
fn a_joined_future_is_as_large_as_all_of_its_futures() {
    let joined = async { tokio::join!(with_a_buffer::<{ 8 * KIB }>(), with_a_buffer::<{ 8 * KIB }>()) };

    assert!((16 * KIB..16 * KIB + SMALL).contains(&size_of_val(&joined)), "{} bytes", size_of_val(&joined));
}

#[test]
fn join_all_keeps_its_futures_on_the_heap() {
    let joined = async {
        await_together([(); 2].map(|()| with_a_buffer::<{ 8 * KIB }>()).into_iter().collect::<Vec<_>>()).await
    };

    assert!(size_of_val(&joined) < SMALL, "{} bytes", size_of_val(&joined));
}

#[test]
fn a_buffer_whose_block_ends_before_the_await_takes_no_room_in_the_future() {
    let future = async {
        let length = {
            let buffer = [1_u8; 8 * KIB];
            buffer.len()
        };
        sleep(ms(1)).await;
        length
    };

    assert!(size_of_val(&future) < SMALL, "{} bytes", size_of_val(&future));
}

#[test]
fn a_buffer_on_the_heap_takes_no_room_in_the_future() {
    let future = async {
        let buffer = vec![1_u8; 8 * KIB];
        sleep(ms(1)).await;
        buffer.len()
    };

    assert!(size_of_val(&future) < SMALL, "{} bytes", size_of_val(&future));
}
