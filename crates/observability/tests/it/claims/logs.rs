//! What tracing prints.

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use room::{everywhere, on_one_thread};
use tokio::sync::Barrier;
use tokio::task::yield_now;
use tracing::instrument::WithSubscriber;
use tracing::{Dispatch, Instrument, debug, info, info_span};
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// What a subscriber has written.
#[derive(Clone, Default)]
struct Written(Arc<Mutex<Vec<u8>>>);

impl Written {
    fn lines(&self) -> Vec<String> {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap().lines().map(|line| line.trim().to_owned()).collect()
    }
}

impl Write for Written {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Written {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

/// Lines as `INFO request{n=1}: text`, of what the filter lets through.
fn plain(written: &Written, filter: &str) -> Dispatch {
    let subscriber = tracing_subscriber::fmt().with_writer(written.clone()).with_ansi(false).without_time();
    Dispatch::new(subscriber.with_target(false).with_env_filter(EnvFilter::new(filter)).finish())
}

#[test]
fn a_guard_that_lives_across_an_await_puts_one_request_into_another_on_one_thread() {
    on_one_thread(|world| {
        let written = Written::default();
        let request = async |n: u32| {
            let span = info_span!("request", n);
            // The mistake: the guard lives across the await.
            let _entered = span.enter();
            yield_now().await;
            info!("answers");
        };
        let both = async { tokio::join!(request(1), request(2)) };
        world.run(both.with_subscriber(plain(&written, "info")));
        assert_eq!(written.lines(), ["INFO request{n=1}:request{n=2}: answers", "INFO request{n=1}: answers"]);
    });
}

#[test]
fn instrument_enters_the_span_for_each_poll_and_leaves_it_after() {
    everywhere(|world| {
        let written = Written::default();
        let dispatch = plain(&written, "info");
        world.run(async {
            let barrier = Arc::new(Barrier::new(2));
            let request = |n: u32| {
                let barrier = Arc::clone(&barrier);
                let answers = async move {
                    barrier.wait().await;
                    yield_now().await;
                    info!("answers");
                };
                let span = tracing::dispatcher::with_default(&dispatch, || info_span!("request", n));
                tokio::spawn(answers.instrument(span).with_subscriber(dispatch.clone()))
            };
            let (one, two) = (request(1), request(2));
            one.await.unwrap();
            two.await.unwrap();
        });
        let mut lines = written.lines();
        lines.sort_unstable();
        assert_eq!(lines, ["INFO request{n=1}: answers", "INFO request{n=2}: answers"]);
    });
}

#[test]
fn a_line_begins_with_the_time_and_names_the_spans_and_the_target() {
    let written = Written::default();
    let subscriber = tracing_subscriber::fmt().with_writer(written.clone()).with_ansi(false).finish();
    tracing::dispatcher::with_default(&Dispatch::new(subscriber), || {
        info_span!("request", n = 1).in_scope(|| info!(target: "store", "answers"));
    });
    let line = &written.lines()[0];
    assert!(line.ends_with(" INFO request{n=1}: store: answers") && line.starts_with("20"), "{line}");
}

#[test]
fn an_env_filter_has_a_level_for_each_target() {
    let written = Written::default();
    tracing::dispatcher::with_default(&plain(&written, "info,store=debug"), || {
        debug!(target: "store", "opens");
        debug!(target: "web", "parses");
        info!(target: "web", "answers");
    });
    assert_eq!(written.lines(), ["DEBUG opens", "INFO answers"]);
}

#[test]
fn json_has_the_message_and_the_fields_of_the_spans() {
    let written = Written::default();
    let subscriber = tracing_subscriber::fmt().json().with_writer(written.clone()).without_time().finish();
    tracing::dispatcher::with_default(&Dispatch::new(subscriber), || {
        info_span!("request", n = 1).in_scope(|| info!(milliseconds = 12, "answers"));
    });
    let line = &written.lines()[0];
    assert!(line.contains(r#""fields":{"message":"answers","milliseconds":12}"#), "{line}");
    assert!(line.contains(r#""span":{"n":1,"name":"request"}"#), "{line}");
}
