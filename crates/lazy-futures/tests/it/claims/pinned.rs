//! A pinned future stays where it is.

use std::fs;
use std::marker::PhantomData;
use std::path::Path;
use std::pin::Pin;

use drawing::palette::{FINISHED, GROUND, INK, LANES, QUIET, TROUBLE};
use tokio::time::Sleep;

use super::*;

const USES: &str = "use std::pin::{Pin, pin}; use std::task::{Context, Poll};";

/// Asserts that rustc refuses this code with this error and no other.
fn is_refused(code: &str, error: &str) {
    let said = rustc_says(&format!("#![allow(unused_imports)] {USES} {code}"));
    let mut errors: Vec<_> = said.lines().filter(|line| line.starts_with("error[")).collect();
    errors.dedup();
    assert_eq!(errors, [error], "{said}");
}

/// Asserts that rustc takes this code, and has nothing to say of it.
fn is_taken(code: &str) {
    assert_eq!(rustc_says(&format!("#![allow(unused_imports)] {USES} {code}")), "");
}

/// The address of a value.
fn address<T>(of: &T) -> usize {
    std::ptr::from_ref(of).addr()
}

/// Keeps `name` and a reference to its first byte while it waits for `go_on`.
async fn initial(name: [u8; 3], first_is_at: Arc<AtomicUsize>, go_on: oneshot::Receiver<()>) -> u8 {
    let first = &name[0];
    first_is_at.store(address(first), SeqCst);
    go_on.await.unwrap();
    assert_eq!(address(first), first_is_at.load(SeqCst));
    *first
}

/// Whether `first` of [`initial`] points into the future.
fn points_into<F: Future>(future: &Pin<Box<F>>, first_is_at: &AtomicUsize) -> bool {
    let begin = address(&**future);
    (begin..begin + size_of::<F>()).contains(&first_is_at.load(SeqCst))
}

#[test]
fn a_reference_in_a_future_points_into_the_future() {
    everywhere(|world| {
        world.run(async {
            let (first_is_at, (go_on, may_go_on)) = (Arc::default(), oneshot::channel());
            let mut future = Box::pin(initial(*b"Ada", Arc::clone(&first_is_at), may_go_on));
            assert!(!points_into(&future, &first_is_at));
            assert!(futures::poll!(&mut future).is_pending());
            assert!(points_into(&future, &first_is_at));
            go_on.send(()).unwrap();
            assert_eq!(future.await, b'A');
        });
    });
}

#[test]
fn a_move_copies_an_address_and_does_not_change_it() {
    struct Short {
        name: [u8; 3],
        first_is_at: usize,
    }
    let mut places = [Some(Short { name: *b"Ada", first_is_at: 0 }), None];
    let here = places[0].as_mut().unwrap();
    here.first_is_at = address(&here.name[0]);
    let before = here.first_is_at;

    places[1] = places[0].take();

    let there = places[1].as_ref().unwrap();
    assert_eq!(there.first_is_at, before);
    assert_ne!(address(&there.name[0]), before);
}

#[test]
fn when_a_pinned_box_moves_its_future_stays_where_it_is() {
    everywhere(|world| {
        world.run(async {
            let (first_is_at, (go_on, may_go_on)) = (Arc::default(), oneshot::channel());
            let mut places = [Some(Box::pin(initial(*b"Ada", Arc::clone(&first_is_at), may_go_on))), None];
            assert!(futures::poll!(places[0].as_mut().unwrap()).is_pending());
            let (box_was_at, future_was_at) = (address(&places[0]), address(&**places[0].as_ref().unwrap()));

            places[1] = places[0].take();

            let moved = places[1].as_ref().unwrap();
            assert_ne!(address(&places[1]), box_was_at);
            assert_eq!(address(&**moved), future_was_at);
            assert!(points_into(moved, &first_is_at));
            go_on.send(()).unwrap();
            assert_eq!(places[1].take().unwrap().await, b'A');
        });
    });
}

#[test]
fn a_pinned_box_may_move_to_another_task_between_two_polls() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (slot, arrival) = letterbox();
            let mut reads = Box::pin(arrival.lane("reads"));
            assert!(futures::poll!(&mut reads).is_pending());
            let elsewhere = tokio::spawn(reads);
            slot.deliver("yes");
            assert_eq!(elsewhere.await.unwrap(), "yes");
        });
        assert_eq!(recording.finish_order(), ["reads"]);
    });
}

#[test]
fn before_it_is_pinned_a_future_may_move() {
    everywhere(|world| {
        world.run(async {
            let (first_is_at, (go_on, may_go_on)) = (Arc::default(), oneshot::channel());
            go_on.send(()).unwrap();
            let mut places = [Some(initial(*b"Ada", Arc::clone(&first_is_at), may_go_on)), None];
            places[1] = places[0].take();
            assert_eq!(tokio::spawn(places[1].take().unwrap()).await.unwrap(), b'A');
        });
    });
}

#[test]
fn moving_what_was_pinned_by_the_macro_is_a_use_of_a_moved_value() {
    is_refused(
        "pub fn caller() { let future = work(); let _pinned = pin!(future); drop(future); }",
        "error[E0382]: use of moved value: `future`",
    );
}

#[test]
fn moving_a_future_out_of_its_pinned_box_is_refused() {
    is_refused(
        "pub async fn caller() { let boxed = Box::pin(work()); let future = *boxed; future.await; }",
        "error[E0507]: cannot move out of dereference of `Pin<Box<impl Future<Output = ()>>>`",
    );
}

#[test]
fn swapping_two_pinned_futures_is_refused() {
    is_refused(
        "pub fn caller() { let one = Box::pin(work()); let other = Box::pin(work()); std::mem::swap(&mut *one, &mut *other); }",
        "error[E0596]: cannot borrow data in dereference of `Pin<Box<impl Future<Output = ()>>>` as mutable",
    );
}

#[test]
fn a_pinned_value_that_is_unpin_may_be_swapped() {
    let (mut one, mut other) = (pin!("one".to_owned()), pin!("other".to_owned()));
    std::mem::swap(one.as_mut().get_mut(), other.as_mut().get_mut());
    std::mem::swap(&mut *one, &mut *other);
    std::mem::swap(&mut *one, &mut *other);
    assert_eq!((one.as_str(), other.as_str()), ("other", "one"));
}

#[test]
fn almost_every_type_is_unpin_and_a_sleep_is_not() {
    struct Of<T>(PhantomData<T>);
    trait Otherwise {
        const UNPIN: bool = false;
    }
    impl<T> Otherwise for T {}
    impl<T: Unpin> Of<T> {
        const UNPIN: bool = true;
    }

    assert_eq!([Of::<u32>::UNPIN, Of::<String>::UNPIN, Of::<Arrival<u32>>::UNPIN], [true; 3]);
    assert_eq!([Of::<JoinHandle<u32>>::UNPIN, Of::<oneshot::Receiver<u32>>::UNPIN], [true; 2]);
    assert_eq!([Of::<Sleep>::UNPIN, Of::<(u32, Sleep)>::UNPIN], [false; 2]);
    assert_eq!([Of::<&mut Sleep>::UNPIN, Of::<Box<Sleep>>::UNPIN, Of::<Pin<Box<Sleep>>>::UNPIN], [true; 3]);
}

#[test]
fn the_future_of_an_async_fn_or_block_is_not_unpin() {
    const IS_UNPIN: &str = "pub fn is_unpin(_: impl Unpin) {} pub struct Holds<F>(pub F);";
    for (value, kind) in [
        ("work()", "async fn body of work()"),
        ("Holds(work())", "async fn body of work()"),
        ("async {}", "async block@"),
    ] {
        let said = rustc_says(&format!("{USES} {IS_UNPIN} pub fn caller() {{ is_unpin({value}) }}"));
        assert!(said.contains(&format!("error[E0277]: `{{{kind}")) && said.contains("cannot be unpinned"), "{said}");
    }
    is_taken(&format!("{IS_UNPIN} pub fn caller() {{ is_unpin(&mut work()); is_unpin(Box::new(work())) }}"));
}

#[test]
fn a_borrowed_handle_is_a_future_without_a_pin() {
    everywhere(|world| {
        world.run(async {
            let (go_on, may_go_on) = oneshot::channel();
            let mut handle = tokio::spawn(may_go_on);
            assert!(timeout(ms(10), &mut handle).await.is_err());
            go_on.send("yes").unwrap();
            assert_eq!((&mut handle).await.unwrap(), Ok("yes"));

            let (go_on, mut answer) = oneshot::channel();
            assert!(timeout(ms(10), &mut answer).await.is_err());
            go_on.send("yes").unwrap();
            assert_eq!((&mut answer).await, Ok("yes"));
        });
    });
}

#[test]
fn what_takes_a_future_pins_it_itself() {
    everywhere(|world| {
        world.run(async {
            let ready = || async {
                let (go_on, may_go_on) = oneshot::channel();
                go_on.send(()).unwrap();
                initial(*b"Ada", Arc::default(), may_go_on).await
            };
            assert_eq!(ready().await, b'A');
            assert_eq!(tokio::join!(ready(), ready()), (b'A', b'A'));
            assert_eq!(tokio::spawn(ready()).await.unwrap(), b'A');
            assert_eq!(timeout(ms(10), ready()).await, Ok(b'A'));
        });
    });
}

#[test]
fn a_reference_to_a_future_is_a_future_only_after_pin() {
    is_refused(
        "pub async fn caller() { let mut work = work(); (&mut work).await; }",
        "error[E0277]: `{async fn body of work()}` cannot be unpinned",
    );
    is_taken("pub async fn caller() { let mut work = pin!(work()); (&mut work).await; }");
}

#[test]
fn a_box_of_a_future_is_a_future_only_after_box_pin() {
    is_refused(
        "pub async fn caller() { let boxed: Box<dyn Future<Output = ()>> = Box::new(work()); boxed.await; }",
        "error[E0277]: `dyn Future<Output = ()>` cannot be unpinned",
    );
    is_taken("pub async fn caller() { let boxed: Pin<Box<dyn Future<Output = ()>>> = Box::pin(work()); boxed.await; }");
}

#[test]
fn the_pin_of_a_struct_is_not_a_pin_of_its_field() {
    let wraps = |field, poll| {
        format!(
            "pub struct Wraps<F>({field}); impl<F: Future> Future for Wraps<F> {{ type Output = F::Output;
            fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<F::Output> {{ {poll} }} }}"
        )
    };
    is_refused(&wraps("F", "Pin::new(&mut self.get_mut().0).poll(context)"), "error[E0277]: `F` cannot be unpinned");
    is_taken(&wraps("Pin<Box<F>>", "self.get_mut().0.as_mut().poll(context)"));
}

/// A function that polls.
fn polls(body: &str) -> String {
    format!("pub fn polls(context: &mut Context<'_>) -> Poll<()> {{ {body} }}")
}

#[test]
fn only_a_pinned_future_has_the_method_poll() {
    is_refused(
        &polls("let work = work(); work.poll(context)"),
        "error[E0599]: no method named `poll` found for opaque type `impl Future<Output = ()>` in the current scope",
    );
    is_taken(&polls("let work = work(); pin!(work).poll(context)"));
}

#[test]
fn poll_takes_the_pin_and_as_mut_lends_it() {
    is_refused(
        &polls("let pinned = pin!(work()); let _ = pinned.poll(context); pinned.poll(context)"),
        "error[E0382]: use of moved value: `pinned`",
    );
    is_taken(&polls(
        "let mut pinned = pin!(work()); let _ = pinned.as_mut().poll(context); pinned.as_mut().poll(context)",
    ));
}

#[test]
fn a_future_pinned_by_the_macro_cannot_be_returned() {
    is_refused(
        "pub fn caller<'a>() -> Pin<&'a mut dyn Future<Output = ()>> { return pin!(work()); }",
        "error[E0515]: cannot return value referencing temporary value",
    );
    is_taken("pub fn caller() -> Pin<Box<dyn Future<Output = ()>>> { return Box::pin(work()); }");
}

#[test]
fn the_picture_of_memory_has_the_colours_of_every_drawing() {
    let picture = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("pin.svg")).unwrap();
    let colours = |colour: fn(&drawing::palette::Hue) -> &'static str| {
        let hues = [LANES[0], FINISHED, TROUBLE, QUIET, INK];
        let hues: Vec<_> = hues.iter().map(|hue| format!(".{}{{color:{}}}", hue.name, colour(hue))).collect();
        format!("{}.ground{{fill:{}}}", hues.concat(), colour(&GROUND))
    };
    let (light, dark) = (colours(|hue| hue.light), colours(|hue| hue.dark));
    assert!(picture.contains(&format!("\n{light}\n@media (prefers-color-scheme:dark){{{dark}}}\n")), "{light}\n{dark}");
}
