//! How large a future is. Rust promises no layout, so these are bounds.

use super::*;

const KIB: usize = 1024;

async fn uses_it_afterwards() -> usize {
    let buffer = [1_u8; 4 * KIB];
    sleep(ms(1)).await;
    buffer.len()
}

async fn used_it_before() -> usize {
    let buffer = [1_u8; 4 * KIB];
    let length = std::hint::black_box(&buffer).len();
    sleep(ms(1)).await;
    length
}

async fn dropped_it_before() -> usize {
    let buffer = [1_u8; 4 * KIB];
    let length = std::hint::black_box(&buffer).len();
    #[expect(dropping_copy_types, reason = "what the claim is about")]
    drop(buffer);
    sleep(ms(1)).await;
    length
}

async fn its_scope_ended_before() -> usize {
    let length = {
        let buffer = [1_u8; 4 * KIB];
        std::hint::black_box(&buffer).len()
    };
    sleep(ms(1)).await;
    length
}

async fn on_the_heap() -> usize {
    let buffer = vec![1_u8; 4 * KIB].into_boxed_slice();
    sleep(ms(1)).await;
    buffer.len()
}

#[test]
fn a_future_has_room_for_what_is_in_scope_at_an_await_used_or_not() {
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
fn a_call_that_returns_the_future_holds_it_once() {
    fn passes(future: impl Future<Output = usize>) -> impl Future<Output = usize> {
        future.map(|length| length + 1)
    }
    let [once, passed] = [size_of_val(&uses_it_afterwards()), size_of_val(&passes(uses_it_afterwards()))];
    assert!((once..once + KIB).contains(&passed), "{once}, {passed}");
}
