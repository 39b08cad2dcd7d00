//! The story of lazy futures: `cargo run -p lazy-futures`, and `-- --help` for its flags.

use std::process::ExitCode;
use std::time::Duration;

use lazy_futures::{Arrival, Life, Watched, letterbox, naive, post, watch};
use story::{Knob, Scene, Story, Told};
use timeline::LaneExt;
use tokio::task::JoinHandle;
use tokio::time::{sleep, timeout};
use tracing::info;

const LEG: Knob = Knob::new("leg", 300, 20..=10_000, "milliseconds that a letter takes to the next town");

fn main() -> ExitCode {
    Story::new("lazy-futures", env!("CARGO_MANIFEST_DIR"))
        .about("Three letters are written, and two are sent. Then somebody waits for a reply, in a future written by hand.")
        .knobs(&[LEG])
        .naive(|_| "the letter to Bob never starts, though its task does, and the reply lies in the box until a timer wakes the reader.", wrong)
        .asyncio(|_| "it is the same story: coroutines are lazy, too. Python warns that one was never awaited.")
        .tell(|_| "the letter to Cyd never starts: it was written and never sent. The letter to Ada waits until it is awaited.", right)
}

async fn right(scene: Scene) -> Told {
    let props = Props::new(&scene);
    props.letters(post).await?;
    props.reply(|arrival| arrival).await
}

async fn wrong(scene: Scene) -> Told {
    let props = Props::new(&scene);
    props.letters(naive::post).await?;
    props.reply(naive::KeepsNoWaker).await
}

/// A letter that is on its way when it is polled.
type Letter = Watched<std::pin::Pin<Box<dyn Future<Output = ()> + Send>>>;

struct Props {
    leg: Duration,
    walk: Duration,
}

impl Props {
    fn new(scene: &Scene) -> Self {
        let (leg, mut dice) = (scene.get(&LEG), scene.dice());
        Self { leg: Duration::from_millis(leg), walk: Duration::from_millis(dice.pick(leg, leg * 3 / 2)) }
    }

    /// Writes three letters, awaits the first, posts the second, and forgets the third.
    async fn letters(&self, post: impl FnOnce(Letter) -> JoinHandle<()>) -> Told {
        let (ada, of_ada) = self.write("Ada");
        let (bob, of_bob) = self.write("Bob");
        let (_forgotten, of_cyd) = self.write("Cyd");
        let lives = [of_ada, of_bob, of_cyd];
        look(&lives);
        sleep(self.leg).await;
        look(&lives);
        let posted = post(bob);
        sleep(self.leg / 2).await;
        look(&lives);
        ada.await;
        posted.await?;
        look(&lives);
        Ok(())
    }

    /// Calls an async fn, which runs none of its code, and opens a lane for the future.
    fn write(&self, name: &str) -> (Letter, Life) {
        let letter = carry(self.leg).lane(format!("letter to {name}"));
        watch(Box::pin(letter))
    }

    /// Waits for a reply, which a postman brings.
    async fn reply<A: Future<Output = &'static str>>(&self, wait: impl FnOnce(Arrival<&'static str>) -> A) -> Told {
        let (slot, arrival) = letterbox();
        let walk = self.walk;
        let brings = async move {
            sleep(walk).await;
            info!("delivers a reply");
            slot.deliver("yes");
        };
        let postman = post(brings.lane("postman"));
        let reads = async {
            info!("waits for a reply");
            let reply = timeout(self.leg * 4, wait(arrival)).await;
            info!("reads: {}", reply.unwrap_or("nothing"));
        };
        reads.lane("reader").await;
        Ok(postman.await?)
    }
}

async fn carry(leg: Duration) {
    info!("leaves");
    sleep(leg).await;
    info!("is half way");
    sleep(leg).await;
    info!("arrives");
}

/// Says where the letters to Ada, Bob and Cyd are in their lives.
fn look(lives: &[Life; 3]) {
    let [ada, bob, cyd] = lives.each_ref().map(Life::state);
    info!("Ada's is {ada}, Bob's is {bob}, Cyd's is {cyd}");
}
