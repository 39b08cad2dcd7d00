//! The story of a result that comes later: `cargo run -p one-shot`, and `-- --help` for its flags.

use std::cell::Cell;
use std::process::ExitCode;
use std::time::Duration;

use one_shot::naive::{self, Promise};
use one_shot::{Asked, Gone, ask, next_wanted, wait_until};
use story::{Knob, Scene, Story, Told};
use timeline::{LaneExt, Recording};
use tokio::sync::{Notify, mpsc, oneshot};
use tokio::time::{Sleep, sleep, timeout};
use tracing::info;

const PATIENCE: Knob = Knob::new("patience", 300, 100..=60_000, "milliseconds that Ben waits for his seat");
const SEATS: Knob = Knob::new("seats", 2, 0..=9, "how many seats the office has");

fn main() -> ExitCode {
    Story::new("one-shot", env!("CARGO_MANIFEST_DIR"))
        .about("An office that sells seats, a guest who waits for the doors, and a letter that nobody will write.")
        .knobs(&[PATIENCE, SEATS])
        .naive(
            |seen| if leaves(seen) {
                "the office looks for Ben although he has left, the guest misses the opening, and the reader waits in vain."
            } else {
                "the guest misses the opening, and the reader waits in vain."
            },
            wrong,
        )
        .asyncio(|_| "the reader waits in vain: a future does not know that its writer is gone.")
        .tell(
            |seen| if leaves(seen) {
                "Ben leaves and costs no seat, the guest goes in, and the reader learns at once that nobody will write."
            } else {
                "the guest goes in, and the reader learns at once that nobody will write."
            },
            right,
        )
}

/// Whether Ben gives up.
fn leaves(seen: &Recording) -> bool {
    seen.cancelled().contains(&"Ben")
}

async fn right(scene: Scene) -> Told {
    let (props, doors) = (Props::new(&scene), Doors::default());
    props.sell(next_wanted, Asked::while_wanted).await;
    props.go_in(&doors, wait_until(&doors.changed, || doors.ask(props.asking))).await;
    let (sender, receiver) = oneshot::channel();
    props.letter(sender, async { receiver.await.map_err(|_gone| Gone) }).await;
    Ok(())
}

async fn wrong(scene: Scene) -> Told {
    let (props, doors) = (Props::new(&scene), Doors::default());
    props.sell(naive::next_asked, naive::while_wanted).await;
    props.go_in(&doors, naive::wait_until(&doors.changed, || doors.ask(props.asking))).await;
    let promise = Promise::default();
    props.letter(promise.clone(), async { Ok(promise.value().await) }).await;
    Ok(())
}

/// The name of a caller, and the way to answer with the number of a seat, if there is one.
type Request = Asked<&'static str, Option<u64>>;

/// How long everything takes.
struct Props {
    patience: Duration,
    seats: u64,
    writing: Duration,
    search: Duration,
    asking: Duration,
}

impl Props {
    fn new(scene: &Scene) -> Self {
        let mut dice = scene.dice();
        Self {
            patience: scene.milliseconds(&PATIENCE),
            seats: scene.get(&SEATS),
            writing: Duration::from_millis(dice.pick(290, 310)),
            search: Duration::from_millis(dice.pick(395, 405)),
            // An even number: the doors open in the middle.
            asking: Duration::from_millis(2 * dice.pick(100, 110)),
        }
    }

    /// Three callers ask for a seat, and the one in the middle may leave.
    async fn sell(
        &self,
        next: impl AsyncFn(&mut mpsc::Receiver<Request>) -> Option<Request>,
        work: impl AsyncFn(Request, Sleep) -> Option<(Request, ())>,
    ) {
        let (desk, mut inbox) = mpsc::channel(8);
        let office = async {
            let mut sold = 0;
            while let Some(asked) = next(&mut inbox).await {
                let caller = asked.question;
                info!("looks for {caller}");
                let Some((asked, ())) = work(asked, sleep(self.search)).await else {
                    info!("{caller} has left");
                    continue;
                };
                let seat = (sold < self.seats).then_some(sold + 1);
                sold += u64::from(seat.is_some());
                let words = seat.map_or("no seat".to_owned(), |seat| format!("seat {seat}"));
                info!("{words} for {caller}");
                _ = asked.answer(seat);
            }
        };
        let ada = self.buy("Ada", 0, desk.clone(), 10 * self.search);
        let ben = self.buy("Ben", 1, desk.clone(), self.patience);
        let cleo = self.buy("Cleo", 2, desk, 10 * self.search);
        tokio::join!(office.lane("office"), ada, ben, cleo);
    }

    async fn buy(&self, name: &'static str, after: u32, desk: mpsc::Sender<Request>, patience: Duration) {
        sleep(after * self.search / 10).await;
        let buy = async {
            info!("asks");
            let seat = ask(&desk, name).await?;
            info!("{}", seat.map_or("gets no seat".to_owned(), |seat| format!("has seat {seat}")));
            Ok::<_, Gone>(())
        };
        _ = timeout(patience, buy.try_lane(name)).await;
    }

    /// A guest waits for the doors, and asks at the wrong moment.
    async fn go_in(&self, doors: &Doors, open: impl Future<Output = ()>) {
        let guest = async {
            open.await;
            info!("goes in");
        };
        let porter = async {
            sleep(self.asking / 2).await;
            info!("opens");
            doors.is_open.set(true);
            doors.changed.notify_waiters();
        };
        _ = tokio::join!(timeout(4 * self.asking, guest.lane("guest")), porter.lane("porter"));
    }

    /// Waits for a letter whose writer falls ill.
    async fn letter(&self, sender: impl Send + 'static, arrives: impl Future<Output = Result<String, Gone>>) {
        let writing = self.writing;
        let writer = async move {
            info!("writing");
            sleep(writing).await;
            info!("falls ill");
            drop(sender);
        };
        let writer = tokio::spawn(writer.lane("writer"));
        let reader = async {
            info!("waits");
            let letter = arrives.await.inspect_err(|gone| info!("{gone}"))?;
            info!("reads {letter}");
            Ok::<_, Gone>(())
        };
        _ = timeout(3 * writing, reader.try_lane("reader")).await;
        _ = writer.await;
    }
}

#[derive(Default)]
struct Doors {
    is_open: Cell<bool>,
    changed: Notify,
}

impl Doors {
    /// Asks whether the doors are open. The answer is true at the beginning, and takes its time.
    async fn ask(&self, takes: Duration) -> Option<()> {
        info!("asks");
        let is_open = self.is_open.get();
        sleep(takes).await;
        info!("hears: {}", if is_open { "open" } else { "closed" });
        is_open.then_some(())
    }
}
