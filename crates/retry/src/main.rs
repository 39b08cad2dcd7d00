//! The story of a thousand clients: `cargo run -p retry`, and `-- --help` for its flags.

use std::collections::HashMap;
use std::num::NonZeroU32;
use std::process::ExitCode;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use retry::{Advice, GaveUp, Policy, naive, retry};
use story::{Knob, Scene, Story, Told};
use timeline::{LaneExt, Recording, level};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, sleep_until};
use tracing::instrument::WithSubscriber;
use tracing::subscriber::NoSubscriber;
use tracing::{Dispatch, info};

/// How many clients call unless you say otherwise.
const A_THOUSAND: u64 = 1_000;

const CLIENTS: Knob = Knob::new("clients", A_THOUSAND, 5..=10_000, "how many clients call at the same instant");

/// The clients with a lane of their own. They come last, and wait this many milliseconds longer for an answer.
const NAMES: [(&str, u64); 5] = [("ann", 1), ("bob", 2), ("dee", 3), ("eve", 4), ("fay", 5)];
const OTHERS_WAIT: u64 = 7;

const POLICY: Policy = Policy {
    attempts: NonZeroU32::new(5).unwrap(),
    first_pause: Duration::from_millis(120),
    longest_pause: Duration::from_millis(480),
    deadline: Duration::from_secs(3),
    budget: None,
};
/// Fay has less time.
const FAY_HAS: Duration = Duration::from_millis(300);
/// Dee is told to come back after this many milliseconds.
const COME_BACK: u64 = 400;

/// The service answers so many calls in each window of this many milliseconds, and refuses the others.
const CAPACITY: u64 = 40;
const WINDOW: u64 = 20;

fn main() -> ExitCode {
    Story::new("retry", env!("CARGO_MANIFEST_DIR"))
        .about("A service that was down comes back, and all its clients call at the same instant.")
        .knobs(&[CLIENTS])
        .naive(
            |recording| match clients(recording) {
                0..=CAPACITY => "the service has a place for everybody, and eve asks five times in vain.",
                _ => "all clients that the service refused come back together; eve asks five times in vain.",
            },
            |scene| play(scene, true),
        )
        .asyncio(look)
        .asyncio_naive(|_| "ann and bob make one call each, however often they try; dee's list of pauses runs out.")
        .tell(look, |scene| play(scene, false))
}

fn look(recording: &Recording) -> &'static str {
    match clients(recording) {
        0..=CAPACITY => "the service has a place for everybody, and eve asks once.",
        // Five attempts of each are not enough.
        1_501.. => {
            "the calls spread out, but more clients call than the service can answer in time, and many get no answer."
        }
        _ if was_said(recording, "come back in") && was_said(recording, "no time is left") => {
            "the calls spread out, and soon they fit below the limit; dee comes when she was told to, eve asks once, fay stops in time."
        }
        _ => "the calls spread out, and soon they fit below the limit; eve asks once.",
    }
}

fn was_said(recording: &Recording, words: &str) -> bool {
    recording.lanes.iter().flat_map(|lane| &lane.notes).any(|note| note.text.contains(words))
}

/// How many clients call: the first line of the story says it, in asyncio, too.
fn clients(recording: &Recording) -> u64 {
    let words = recording.notes.iter().find_map(|note| note.text.split_once(" clients call"));
    words.and_then(|(number, _)| number.parse().ok()).unwrap_or(A_THOUSAND)
}

async fn play(scene: Scene, naive: bool) -> Told {
    let (mut dice, clients) = (scene.dice(), scene.get(&CLIENTS));
    let service = Arc::new(Service { start: Instant::now(), calls: Mutex::default() });
    let mut tasks = JoinSet::new();
    // The clients without a lane tell nothing.
    let quiet = Dispatch::new(NoSubscriber::new());
    let others = clients - NAMES.len() as u64;
    info!("{clients} clients call, and the service answers {CAPACITY} in {WINDOW} ms");
    for id in 0..clients {
        let named = id.checked_sub(others).and_then(|place| NAMES.into_iter().nth(place.try_into().ok()?));
        let (name, wait) = named.unwrap_or(("", OTHERS_WAIT));
        let policy = Policy { deadline: if name == "fay" { FAY_HAS } else { POLICY.deadline }, ..POLICY };
        let pauses = (1..POLICY.attempts.get()).map(|attempts| {
            let most = policy.pause_after(attempts).as_millis().try_into().unwrap_or(u64::MAX);
            Duration::from_millis(dice.pick(0, most))
        });
        let client = Client { service: Arc::clone(&service), id, name, wait, pauses: pauses.collect() };
        let asks = client.ask(naive, policy);
        match named {
            Some((name, _)) => tasks.spawn(asks.try_lane(name)),
            None => tasks.spawn(asks.with_subscriber(quiet.clone())),
        };
    }
    let all = async {
        let mut answered = 0;
        while let Some(answer) = tasks.join_next().await {
            answered += usize::from(answer.is_ok_and(|answer| answer.is_ok()));
        }
        answered
    };
    // The clients end between two windows, so the arms are never ready at the same instant.
    let answered = tokio::select! {
        answered = all => answered,
        () = service.show_load() => 0,
    };
    info!("{answered} of {clients} clients were answered; the service got {} calls", service.calls());
    Ok(())
}

struct Client {
    service: Arc<Service>,
    id: u64,
    /// Empty for those who have no lane.
    name: &'static str,
    wait: u64,
    pauses: Vec<Duration>,
}

impl Client {
    async fn ask(self, naive: bool, policy: Policy) -> Result<(), GaveUp<Refused>> {
        let (mut pauses, mut number) = (self.pauses.iter(), 0);
        let jitter = |most| pauses.next().map_or(most, |pause| *pause);
        let attempt = || {
            number += 1;
            self.attempt(number)
        };
        let ended = if naive {
            naive::retry(&policy, jitter, Refused::advice, attempt).await
        } else {
            retry(&policy, jitter, Refused::advice, attempt).await
        };
        if let Err(gave_up) = &ended {
            info!("{gave_up}");
        }
        ended
    }

    async fn attempt(&self, number: u32) -> Result<(), Refused> {
        let has_place = self.service.call(self.id).await;
        sleep(Duration::from_millis(self.wait)).await;
        if self.name == "eve" {
            info!("attempt {number}: forbidden");
            return Err(Refused::Forbidden);
        }
        if has_place {
            info!("attempt {number}: answered");
            return Ok(());
        }
        if self.name == "dee" {
            info!("attempt {number}: busy, come back in {COME_BACK} ms");
            return Err(Refused::ComeBack);
        }
        info!("attempt {number}: busy");
        Err(Refused::Busy)
    }
}

#[derive(Debug)]
enum Refused {
    Busy,
    ComeBack,
    Forbidden,
}

impl Refused {
    fn advice(&self) -> Advice {
        match self {
            Self::Busy => Advice::TryAgain,
            Self::ComeBack => Advice::TryAgainAfter(Duration::from_millis(COME_BACK)),
            Self::Forbidden => Advice::GiveUp,
        }
    }
}

struct Service {
    start: Instant,
    /// Who called in each window.
    calls: Mutex<HashMap<u64, Vec<u64>>>,
}

impl Service {
    /// Waits for the end of the window, and says whether the service has a place for this caller: the first ids get one.
    async fn call(&self, id: u64) -> bool {
        let window = self.window();
        self.with(|calls| calls.entry(window).or_default().push(id));
        sleep_until(self.end_of(window)).await;
        let ahead = self.with(|calls| calls[&window].iter().filter(|other| **other < id).count());
        (ahead as u64) < CAPACITY
    }

    /// Shows how many calls came in each window, as a level of the picture.
    async fn show_load(&self) {
        loop {
            let window = self.window();
            sleep_until(self.end_of(window)).await;
            let load = self.with(|calls| calls.get(&window).map_or(0, Vec::len));
            level("load", load as u64, CAPACITY);
        }
    }

    fn calls(&self) -> usize {
        self.with(|calls| calls.values().map(Vec::len).sum())
    }

    fn window(&self) -> u64 {
        u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX) / WINDOW
    }

    fn end_of(&self, window: u64) -> Instant {
        self.start + Duration::from_millis((window + 1) * WINDOW)
    }

    fn with<T>(&self, act: impl FnOnce(&mut HashMap<u64, Vec<u64>>) -> T) -> T {
        act(&mut self.calls.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
