//! Calls on threads of their own.

use super::*;

/// More than any machine that runs this has processors.
const MANY: usize = 300;

#[test]
fn threads_wait_together() {
    // One after another, or only some at a time, the first would wait in vain.
    let meeting = Meeting::of(MANY);
    assert_eq!(call_on_threads([(); MANY].map(|()| || meeting.wait())).unwrap(), [true; MANY]);
}

#[test]
fn the_timeline_shows_threads_side_by_side_in_real_time() {
    on_the_real_clock(|world| {
        let meeting = Meeting::of(3);
        let (met, recording) = world.record(async {
            let call = |service| lane_blocking(service, || meeting.wait());
            call_on_threads(["users", "orders", "prices"].map(call))
        });

        assert_eq!(met.unwrap(), [true; 3]);
        assert_eq!(peak(&recording), 3);
    });
}

#[test]
fn on_threads_computations_run_at_the_same_time() {
    let (gauge, meeting) = (Gauge::default(), Meeting::of(3));
    let calls = [10, 100, 1_000].map(|limit| {
        let (gauge, meeting) = (&gauge, &meeting);
        move || {
            gauge.within(|| {
                meeting.wait();
                count_primes(limit)
            })
        }
    });

    assert_eq!(call_on_threads(calls).unwrap(), [4, 25, 168]);
    assert_eq!(gauge.most(), 3);
}

#[test]
#[should_panic(expected = "the second call failed")]
fn a_panic_on_a_thread_is_handed_to_the_caller() {
    let calls = ["first", "second", "third"].map(|name| move || assert_eq!(name, "first", "the {name} call failed"));
    let _ = call_on_threads(calls);
}

#[test]
fn no_thread_outlives_a_panic_on_another_one() {
    let (panics, panicked) = blocking::channel::<()>();
    let first = move || {
        let _panics = panics;
        panic!("on purpose");
    };
    let log = Log::default();
    let says = log.clone();
    let second = move || {
        panicked.recv().unwrap_err();
        // Long enough for the panic to be handed on, if that waited for nobody.
        thread::sleep(ms(10));
        says.say("the second call ended");
    };
    let calls: [Box<dyn FnOnce() + Send>; 2] = [Box::new(first), Box::new(second)];
    let result = catch_unwind(AssertUnwindSafe(|| call_on_threads(calls)));

    assert!(result.is_err());
    assert_eq!(log.entries(), ["the second call ended"]);
}

/// A process with an address space of a gigabyte, of which each thread reserves a sixteenth.
#[cfg(target_os = "linux")]
const FEW_THREADS: &str = "ulimit -v 1048576; export RUST_MIN_STACK=67108864 MALLOC_ARENA_MAX=1; exec \"$0\" \"$@\"";

#[test]
#[cfg(target_os = "linux")]
fn a_call_that_gets_no_thread_is_an_error_after_the_others_have_ended() {
    let name = "claims::on_threads::in_a_process_that_gets_few_threads";
    let program = std::env::current_exe().unwrap();
    let mut command = std::process::Command::new("sh");
    command.args(["-c", FEW_THREADS]).arg(program).args(["--exact", name, "--ignored", "--test-threads=1"]);
    let output = command.output().unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(text.contains("1 passed"), "{text}{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
#[cfg(target_os = "linux")]
#[ignore = "the test above starts it, in a process of its own"]
fn in_a_process_that_gets_few_threads() {
    let (started, ended) = (&AtomicUsize::new(0), &AtomicUsize::new(0));
    // Each call keeps its thread until no further call is made.
    let (more, no_more) = blocking::channel::<()>();
    let (no_more, until) = (&Mutex::new(no_more), Instant::now() + Duration::from_secs(30));
    let calls = (0..1_000).map(move |_| {
        let _ = &more;
        move || {
            started.fetch_add(1, Ordering::SeqCst);
            let limit = until.saturating_duration_since(Instant::now());
            no_more.lock().unwrap().recv_timeout(limit).unwrap_err();
            ended.fetch_add(1, Ordering::SeqCst);
        }
    });

    assert!(call_on_threads(calls).is_err());
    let [started, ended] = [started, ended].map(|count| count.load(Ordering::SeqCst));
    assert!((1..100).contains(&started), "{started}");
    assert_eq!(ended, started);
}
