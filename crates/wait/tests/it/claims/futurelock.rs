//! The futurelock: a future that nobody polls holds what the one being polled waits for.

use super::*;

/// How long a deadlock is looked at.
const LOOK: Duration = ms(100);

/// Takes the lock, and keeps it until it is told to go on.
async fn hold(lock: Arc<Mutex<()>>, go_on: Arc<Notify>) {
    let _guard = lock.lock().await;
    go_on.notified().await;
}

/// Tells another one to go on, and then takes the lock.
async fn take(lock: Arc<Mutex<()>>, go_on: Arc<Notify>) {
    go_on.notify_one();
    let _guard = lock.lock().await;
}

/// The work has the lock until the notice begins, and the notice needs it, too.
///
/// With somebody else before the work, that one has the lock until then, and the work is queued for it.
fn run(world: World, is_naive: bool, somebody_else_is_first: bool) -> Recording {
    let (_both, recording) = world.record(async {
        let (lock, go_on) = (Arc::new(Mutex::new(())), Arc::new(Notify::new()));
        let work = if somebody_else_is_first {
            tokio::spawn(hold(Arc::clone(&lock), Arc::clone(&go_on)).lane("somebody else"));
            while lock.try_lock().is_ok() {
                yield_now().await;
            }
            let lock = Arc::clone(&lock);
            async move { drop(lock.lock().await) }.lane("work").boxed()
        } else {
            hold(Arc::clone(&lock), Arc::clone(&go_on)).lane("work").boxed()
        };
        let notice = take(lock, go_on).lane("notice");
        let mut both = if is_naive {
            naive::with_notice(work, ms(10), notice).boxed()
        } else {
            with_notice(work, ms(10), notice).boxed()
        };
        if is_naive {
            timeout(LOOK, &mut both).await.unwrap_err();
        } else {
            (&mut both).await;
        }
        // Handed out alive, so that the recording shows who still waits.
        [both]
    });
    recording
}

/// The names of these lanes.
fn names<'a>(lanes: &[(&'a timeline::Lane, u64)]) -> Vec<&'a str> {
    lanes.iter().map(|(lane, _since)| lane.name.as_str()).collect()
}

#[test]
fn a_borrowed_loser_that_holds_the_lock_is_a_futurelock() {
    everywhere(|world| {
        let recording = run(world, true, false);
        // The work was told to go on, and nobody polls it.
        assert_eq!(names(&recording.unpolled()), ["work"]);
        assert_eq!(recording.woken_by("work"), ["notice"]);
        assert_eq!(names(&recording.waiting()), ["notice"]);
    });
}

#[test]
fn a_borrowed_loser_that_is_queued_for_the_lock_is_a_futurelock_too() {
    everywhere(|world| {
        let recording = run(world, true, true);
        assert_eq!(recording.finish_order(), ["somebody else"]);
        // The work was handed the lock, and nobody polls it.
        assert_eq!(names(&recording.unpolled()), ["work"]);
        assert_eq!(recording.woken_by("work"), ["somebody else"]);
        assert_eq!(names(&recording.waiting()), ["notice"]);
    });
}

#[test]
fn with_notice_polls_both_so_both_end() {
    everywhere(|world| {
        assert_eq!(run(world, false, false).finish_order(), ["work", "notice"]);
        let mut ended = run(world, false, true);
        ended.lanes.retain(|lane| lane.name != "somebody else");
        assert_eq!(ended.finish_order(), ["work", "notice"]);
    });
}

#[test]
#[should_panic(expected = "notice waits since")]
fn the_virtual_clock_reports_who_waits_in_a_deadlock() {
    timeline::record(timeline::Clock::Virtual, async {
        let (lock, go_on) = (Arc::new(Mutex::new(())), Arc::new(Notify::new()));
        let work = hold(Arc::clone(&lock), Arc::clone(&go_on)).lane("work");
        naive::with_notice(work, ms(10), take(lock, go_on).lane("notice")).await;
    });
}

#[test]
fn a_loser_that_is_dropped_releases_the_lock() {
    everywhere(|world| {
        let ((), recording) = world.record(async {
            let (lock, go_on) = (Arc::new(Mutex::new(())), Arc::new(Notify::new()));
            select! {
                () = hold(Arc::clone(&lock), Arc::clone(&go_on)).lane("work") => unreachable!("nobody tells it"),
                () = sleep(ms(10)) => take(lock, go_on).lane("notice").await,
            }
        });
        assert_eq!(recording.cancelled(), ["work"]);
        assert_eq!(recording.finish_order(), ["notice"]);
    });
}

#[test]
fn a_loser_in_a_task_of_its_own_goes_on() {
    everywhere(|world| {
        let ended = world.run(async {
            let (lock, go_on) = (Arc::new(Mutex::new(())), Arc::new(Notify::new()));
            let mut work = tokio::spawn(hold(Arc::clone(&lock), Arc::clone(&go_on)));
            while lock.try_lock().is_ok() {
                yield_now().await;
            }
            select! {
                _ = &mut work => unreachable!("nobody tells it"),
                () = sleep(ms(10)) => take(lock, go_on).await,
            }
            work.await.is_ok()
        });
        assert!(ended);
    });
}

#[test]
fn a_full_channel_makes_a_futurelock_too() {
    everywhere(|world| {
        let (_blocked, recording) = world.record(async {
            let (sender, mut receiver) = mpsc::channel(1);
            sender.try_send(1).unwrap();
            let second = sender.clone();
            let mut both = async move {
                // Queued for the one place, and handed it when the first item is taken.
                let mut send = pin!(second.send(2).try_lane("send"));
                select! {
                    biased;
                    _ = &mut send => unreachable!("the channel is full"),
                    _ = receiver.recv() => sender.send(3).try_lane("send from the arm").await.unwrap(),
                }
            }
            .boxed();
            timeout(LOOK, &mut both).await.unwrap_err();
            [both]
        });
        assert_eq!(recording.never_ended(), ["send", "send from the arm"]);
    });
}

#[test]
fn the_notice_is_not_given_when_the_work_is_done_in_time() {
    everywhere(|world| {
        let (output, recording) =
            world.record(async { with_notice(async { 7 }, ms(10), async {}.lane("notice")).await });
        assert_eq!(output, 7);
        assert_eq!(recording.never_started(), ["notice"]);
    });
}
