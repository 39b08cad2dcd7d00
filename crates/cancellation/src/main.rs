//! The story of cancellation: `cargo run -p cancellation`, and `-- --help` for its flags.

use std::future::pending;
use std::io;
use std::process::ExitCode;
use std::time::Duration;

use cancellation::{Frames, Workers, naive, shield, work};
use story::{Knob, Scene, Story, Told};
use timeline::LaneExt;
use tokio::io::{AsyncWriteExt, DuplexStream, duplex};
use tokio::sync::mpsc;
use tokio::task::JoinError;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::info;

const STEP: Knob = Knob::new("step", 150, 20..=10_000, "milliseconds that a worker's step takes, about");
const GRACE: Knob = Knob::new("grace", 450, 1..=60_000, "milliseconds that the workers have to stop in");

fn main() -> ExitCode {
    Story::new("cancellation", env!("CARGO_MANIFEST_DIR"))
        .about("Workers are stopped, one by one and together; a save goes on without its caller; a read is interrupted.")
        .knobs(&[STEP, GRACE])
        .naive(|_| "order 3 and the save are cancelled halfway, the frames are lost, and the deaf worker never ends.", wrong)
        .asyncio(|_| "the deaf worker swallows its cancellation and never ends.")
        .tell(|_| "the order in hand is finished if the grace allows it, the deaf worker is aborted, and the save outlives its customer.", right)
}

async fn right(scene: Scene) -> Told {
    let props = Props::new(&scene);
    let staff = async {
        let (mut workers, mut orders) = (Workers::new(), props.orders());
        let tokens = NAMES.map(|name| workers.spawn(|token| props.count(token).lane(name)));
        let packer = |token| async move {
            let packed = work(&token, &mut orders, pack).await;
            info!("stopped after {packed} orders");
        };
        workers.spawn(|token| packer(token).lane("packer"));
        workers.spawn(|_token| pending().lane("deaf"));
        props.stop_one_by_one(tokens).await;
        let ended = workers.stop(props.grace).await;
        info!("{} stopped, {} aborted", ended.finished, ended.aborted);
    };
    staff.lane("workers").await;

    let tracker = TaskTracker::new();
    props.leave(shield(&tracker, props.save().lane("save"))).lane("customer").await;
    tracker.close();
    tracker.wait().await;

    let (near, far) = duplex(64);
    let mut frames = Frames::new(far);
    let read = props.read(async || frames.next().await).try_lane("reader");
    let _ = tokio::join!(props.send(near), read);
    Ok(())
}

async fn wrong(scene: Scene) -> Told {
    let props = Props::new(&scene);
    let staff = async {
        let (mut workers, mut orders) = (naive::Workers::new(), props.orders());
        let tokens = NAMES.map(|name| workers.spawn(|token| props.count(token).lane(name)));
        let packer = |token| async move {
            let packed = naive::work(&token, &mut orders, pack).await;
            info!("stopped after {packed} orders");
        };
        workers.spawn(|token| packer(token).lane("packer"));
        workers.spawn(|_token| pending().lane("deaf"));
        props.stop_one_by_one(tokens).await;
        let ended = workers.stop(props.grace).await;
        info!("waited for {} workers, aborted {}", ended.finished, ended.aborted);
    };
    staff.lane("workers").await;

    let tracker = TaskTracker::new();
    props.leave(naive::shield(&tracker, props.save().lane("save"))).lane("customer").await;
    tracker.close();
    tracker.wait().await;

    let (near, far) = duplex(64);
    let mut frames = naive::Frames::new(far);
    let read = props.read(async || frames.next().await).try_lane("reader");
    let _ = tokio::join!(props.send(near), read);
    Ok(())
}

const NAMES: [&str; 3] = ["first", "second", "third"];

/// How long everything takes.
struct Props {
    step: Duration,
    grace: Duration,
    /// Even, so that no step of a worker ends at the odd instants at which one is stopped.
    worker_step: Duration,
    order_takes: Duration,
}

struct Order {
    number: u32,
    takes: Duration,
}

impl Props {
    fn new(scene: &Scene) -> Self {
        let (step, mut dice) = (scene.get(&STEP), scene.dice());
        Self {
            step: scene.milliseconds(&STEP),
            grace: scene.milliseconds(&GRACE),
            worker_step: Duration::from_millis(2 * dice.pick(step * 12 / 25, step * 13 / 25)),
            order_takes: Duration::from_millis(2 * dice.pick(step * 29 / 20, step * 31 / 20)),
        }
    }

    /// A worker that counts its steps until it is stopped.
    fn count(&self, token: CancellationToken) -> impl Future<Output = ()> + Send + use<> {
        let takes = self.worker_step;
        async move {
            let mut steps = 0;
            while token.run_until_cancelled(sleep(takes)).await.is_some() {
                steps += 1;
            }
            info!("stopped after {steps} steps");
        }
    }

    /// Eight orders that wait to be packed.
    fn orders(&self) -> mpsc::Receiver<Order> {
        let (sender, receiver) = mpsc::channel(8);
        for number in 1..=8 {
            // There is room for them all.
            let _ = sender.try_send(Order { number, takes: self.order_takes });
        }
        receiver
    }

    async fn stop_one_by_one(&self, tokens: [CancellationToken; 3]) {
        sleep(self.step / 2).await;
        for (token, name) in tokens.iter().zip(NAMES) {
            sleep(self.step * 2).await;
            info!("stopping the {name}");
            token.cancel();
        }
        sleep(self.step / 2).await;
        info!("stopping the others");
    }

    /// A save that must not be interrupted.
    fn save(&self) -> impl Future<Output = ()> + Send + use<> {
        let takes = self.step * 3;
        async move {
            info!("saving");
            sleep(takes).await;
            info!("saved");
        }
    }

    /// Waits for the save, but not long enough.
    async fn leave(&self, save: impl Future<Output = Result<(), JoinError>>) {
        if timeout(self.step, save).await.is_err() {
            info!("left");
        }
    }

    /// Sends two frames, the first in two halves.
    async fn send(&self, mut near: DuplexStream) -> io::Result<()> {
        near.write_all(b"\x05he").await?;
        sleep(self.step * 2).await;
        near.write_all(b"llo\x05world").await
    }

    /// Reads frames, and says something whenever none has come for a while.
    async fn read(&self, mut next: impl AsyncFnMut() -> io::Result<Option<Vec<u8>>>) -> io::Result<()> {
        loop {
            tokio::select! {
                frame = next() => match frame.inspect_err(|error| info!("lost: {error}"))? {
                    Some(frame) => info!("frame {}", String::from_utf8_lossy(&frame)),
                    None => return Ok(()),
                },
                () = sleep(self.step * 4 / 5) => info!("no frame yet"),
            }
        }
    }
}

async fn pack(order: Order) {
    sleep(order.takes).lane(format!("order {}", order.number)).await;
    info!("order {} packed", order.number);
}
