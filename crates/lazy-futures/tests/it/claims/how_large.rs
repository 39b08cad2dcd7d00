//! How large a future is. Rust promises no layout, so these are bounds.

use super::*;

const KIB: usize = 1024;

/// 4 KiB that are moved and not copied.
struct Buffer([u8; 4 * KIB]);

impl Buffer {
    fn new() -> Self {
        Self([1; 4 * KIB])
    }

    fn length(&self) -> usize {
        self.0.len()
    }
}

async fn uses_it_afterwards() -> usize {
    let buffer = Buffer::new();
    sleep(ms(1)).await;
    buffer.length()
}

async fn used_it_before() -> usize {
    let buffer = Buffer::new();
    let length = buffer.length();
    sleep(ms(1)).await;
    length
}

#[expect(clippy::drop_non_drop, reason = "what the claim is about")]
async fn dropped_it_before() -> usize {
    let buffer = Buffer::new();
    let length = buffer.length();
    drop(buffer);
    sleep(ms(1)).await;
    length
}

#[expect(clippy::drop_non_drop, reason = "what the claim is about")]
async fn never_borrowed_it_and_dropped_it_before() {
    let buffer = Buffer::new();
    drop(buffer);
    sleep(ms(1)).await;
}

async fn its_scope_ended_before() -> usize {
    let length = {
        let buffer = Buffer::new();
        buffer.length()
    };
    sleep(ms(1)).await;
    length
}

async fn on_the_heap() -> usize {
    let buffer = Box::new(Buffer::new());
    sleep(ms(1)).await;
    buffer.length()
}

#[test]
fn a_future_has_room_for_what_was_borrowed_and_is_in_scope_at_an_await_used_or_not() {
    let large = 4 * KIB..5 * KIB;
    assert!(large.contains(&size_of_val(&uses_it_afterwards())));
    assert!(large.contains(&size_of_val(&used_it_before())));
    assert!(large.contains(&size_of_val(&dropped_it_before())));
}

#[test]
fn what_went_out_of_scope_before_the_await_or_is_on_the_heap_takes_no_room() {
    assert!(size_of_val(&its_scope_ended_before()) < KIB);
    assert!(size_of_val(&on_the_heap()) < KIB);
}

#[test]
fn what_was_never_borrowed_and_is_moved_before_the_await_takes_no_room() {
    assert!(size_of_val(&never_borrowed_it_and_dropped_it_before()) < KIB);
}

async fn takes(future: impl Future<Output = usize>) -> usize {
    future.await
}

async fn takes_boxed(future: std::pin::Pin<Box<impl Future<Output = usize>>>) -> usize {
    future.await
}

#[test]
fn an_async_fn_that_takes_a_future_by_value_holds_it_twice() {
    let [once, twice] = [size_of_val(&uses_it_afterwards()), size_of_val(&takes(uses_it_afterwards()))];
    assert!((2 * once..2 * once + KIB).contains(&twice), "{once}, {twice}");
    assert!(size_of_val(&takes_boxed(Box::pin(uses_it_afterwards()))) < KIB);
}

#[test]
fn an_async_block_that_captures_a_future_holds_it_twice() {
    let future = uses_it_afterwards();
    let once = size_of_val(&future);
    let twice = size_of_val(&async move { future.await + 1 });
    assert!((2 * once..2 * once + KIB).contains(&twice), "{once}, {twice}");
}

#[test]
fn a_future_in_a_map_is_held_once() {
    fn passes(future: impl Future<Output = usize>) -> impl Future<Output = usize> {
        future.map(|length| length + 1)
    }
    let [once, passed] = [size_of_val(&uses_it_afterwards()), size_of_val(&passes(uses_it_afterwards()))];
    assert!((once..once + KIB).contains(&passed), "{once}, {passed}");
}
