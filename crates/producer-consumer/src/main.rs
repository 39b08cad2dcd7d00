//! The story of producers and consumers: `cargo run -p producer-consumer`, and `-- --help` for its flags.

use std::process::ExitCode;
use std::time::Duration;

use futures::{Stream, StreamExt, stream};
use producer_consumer::{ended_within, naive, run, watch_length};
use story::{Knob, Scene, Story, Told};
use timeline::{Hold, LaneExt, hold};
use tokio::sync::mpsc::{self, Receiver, Sender, WeakSender};
use tokio::task::JoinError;
use tokio::time::sleep;
use tracing::info;

const PRODUCERS: Knob = Knob::new("producers", 2, 1..=9, "how many producers there are");
const CONSUMERS: Knob = Knob::new("consumers", 3, 1..=99, "how many consumers there are");
const CAPACITY: Knob = Knob::new("capacity", 2, 1..=1_000, "how many items the queue holds at most");
const ITEMS: Knob = Knob::new("items", 4, 1..=99, "how many items each producer makes");
const WORK: Knob = Knob::new("work", 500, 10..=60_000, "milliseconds that an item takes a consumer, or a little more");
const MISTAKE: Knob =
    Knob::new("mistake", 1, 1..=5, "for --naive: 1 lock, 2 forgotten sender, 3 sentinels, 4 no limit, 5 monitor")
        .for_naive();

/// How often the monitor looks.
const LOOK: Duration = Duration::from_millis(400);
/// What the first item of a producer takes more than `--work`; its second takes twice that, and so on.
const EXTRA: Duration = Duration::from_millis(60);
/// A producer makes an item in four of these, the next producer in five.
const PACE: Duration = Duration::from_millis(30);

fn main() -> ExitCode {
    Story::new("producer-consumer", env!("CARGO_MANIFEST_DIR"))
        .about("Producers fill a small queue faster than consumers empty it, and the end takes care of itself.")
        .knobs(&[PRODUCERS, CONSUMERS, CAPACITY, ITEMS, WORK, MISTAKE])
        .naive(
            |seen| match seen.title.chars().last() {
                Some('1') => "the consumers work on one item at a time, whatever their number.",
                Some('4') => "the queue has no limit, so no producer ever waits for room.",
                _ => "some lanes never end: the program waits for ever.",
            },
            naive,
        )
        .asyncio(|_| "the consumers and the monitor are cancelled, because nothing tells them that the work is over.")
        .tell(|_| "when the queue is full, the producers wait; and every consumer ends by itself.", right)
}

async fn right(scene: Scene) -> Told {
    let queue = mpsc::channel(count(&scene, &CAPACITY));
    let watch = watch(&queue);
    told(&scene, watch, run(queue, sources(&scene), count(&scene, &CONSUMERS), Item::handle)).await
}

async fn naive(scene: Scene) -> Told {
    let (capacity, consumers, sources) = (count(&scene, &CAPACITY), count(&scene, &CONSUMERS), sources(&scene));
    let queue = mpsc::channel(capacity);
    match scene.get(&MISTAKE) {
        1 => told(&scene, watch(&queue), naive::run_locked(queue, sources, consumers, Item::handle)).await,
        2 => told(&scene, watch(&queue), naive::run_forgetful(queue, sources, consumers, Item::handle)).await,
        3 => {
            let queue = mpsc::channel(capacity);
            told(&scene, watch(&queue), naive::run_with_sentinels(queue, sources, consumers, Item::handle)).await
        }
        4 => {
            let queue = naive::channel(capacity);
            told(&scene, watch(&queue), run(queue, sources, consumers, Item::handle)).await
        }
        _ => {
            let monitor = naive::watch_length(&queue.0, LOOK, say_length);
            told(&scene, (queue.0.downgrade(), monitor), run(queue, sources, consumers, Item::handle)).await
        }
    }
}

/// Runs the monitor and the work to their ends, and says how it went.
async fn told<T>(
    scene: &Scene,
    (queue, monitor): (WeakSender<T>, impl Future<Output = ()>),
    work: impl Future<Output = Result<Vec<Item>, JoinError>>,
) -> Told {
    let items = scene.get(&PRODUCERS) * scene.get(&ITEMS);
    // Longer than one consumer alone would take, the first item's making included.
    let longest = scene.milliseconds(&WORK) + EXTRA * u32::try_from(scene.get(&ITEMS))?;
    let limit = longest * u32::try_from(items)? + LOOK;
    let both = async { tokio::join!(monitor.lane("monitor"), work).1 };
    match ended_within(limit, queue, both).await {
        Ok(handled) => info!("{} of {items} items done", handled?.len()),
        Err(stuck) => info!("{stuck}"),
    }
    Ok(())
}

/// What watches a queue: its senders, for the diagnosis, and its length, for the monitor.
fn watch<T>((sender, _): &(Sender<T>, Receiver<T>)) -> (WeakSender<T>, impl Future<Output = ()> + use<T>) {
    (sender.downgrade(), watch_length(sender, LOOK, say_length))
}

fn count(scene: &Scene, knob: &Knob) -> usize {
    usize::try_from(scene.get(knob)).unwrap_or(usize::MAX)
}

fn say_length(length: usize) {
    info!("{length} in the queue");
}

/// What a producer makes and a consumer works on.
struct Item {
    name: String,
    takes: Duration,
    /// Counts it as made, until a consumer takes it.
    waiting: Option<Hold>,
}

impl Item {
    async fn handle(mut self) -> Self {
        self.waiting = None;
        let work = async {
            sleep(self.takes).await;
            info!("done");
        };
        work.lane(&self.name).await;
        self
    }
}

/// Each producer's items, the later ones a little more work.
fn sources(scene: &Scene) -> Vec<impl Stream<Item = Item> + Send + use<>> {
    let mut dice = scene.dice();
    let source = |(parts, letter): (u32, char)| {
        let pace = PACE * parts;
        let item = |number| Item {
            name: format!("{letter}{number}"),
            takes: scene.milliseconds(&WORK) + EXTRA * number + Duration::from_millis(dice.pick(0, 7)),
            waiting: None,
        };
        let items: Vec<_> = (1..).map(item).take(count(scene, &ITEMS)).collect();
        stream::iter(items).then(move |item| async move {
            sleep(pace).await;
            info!("made {}", item.name);
            Item { waiting: Some(hold("items waiting", None)), ..item }
        })
    };
    (4..).zip('A'..).take(count(scene, &PRODUCERS)).map(source).collect()
}
