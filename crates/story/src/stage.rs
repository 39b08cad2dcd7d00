//! A story and the scene it plays in.

use std::error::Error;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};
use timeline::{Clock, Recorder, Recording, unless_stuck};
use tokio::runtime::Builder;
use tracing_subscriber::layer::SubscriberExt;

use crate::curtain::{Curtain, Ending};
use crate::flags::{self, Flags, Knob, Players};
use crate::lines::{self, Lines, complain, print};
use crate::twin::Twin;

/// What a story returns: an error is printed as one sentence after the timeline, and the program exits with 1.
pub type Told = Result<(), Box<dyn Error>>;

type Version = Box<dyn FnOnce(Scene) -> Pin<Box<dyn Future<Output = Told>>>>;

/// A topic's demo: its knobs and its versions, told by [`Story::tell`].
pub struct Story {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) knobs: Vec<Knob>,
    pub(crate) real_clock: Option<&'static str>,
    folder: &'static Path,
    naive: Option<(&'static str, Version)>,
    asyncio: Option<&'static str>,
    asyncio_naive: Option<&'static str>,
}

/// What a story gets: the values of its knobs, and the seed of its randomness.
#[derive(Clone, Debug)]
pub struct Scene {
    knobs: Arc<[(&'static str, u64)]>,
    seed: u64,
}

impl Story {
    /// The story of the topic of this name, whose folder is this one: `Story::new("gather", env!("CARGO_MANIFEST_DIR"))`.
    #[must_use]
    pub fn new(name: &'static str, folder: &'static str) -> Self {
        Self {
            name,
            about: "",
            knobs: Vec::new(),
            real_clock: None,
            folder: Path::new(folder),
            naive: None,
            asyncio: None,
            asyncio_naive: None,
        }
    }

    /// Says in a sentence what the story shows; `--help` begins with it.
    #[must_use]
    pub fn about(mut self, sentence: &'static str) -> Self {
        self.about = sentence;
        self
    }

    /// Declares the topic's own flags.
    #[must_use]
    pub fn knobs(mut self, knobs: &[Knob]) -> Self {
        self.knobs = knobs.to_vec();
        self
    }

    /// Refuses `--fast`, and says why: half a sentence, such as "a blocked thread cannot see the virtual clock".
    #[must_use]
    pub fn needs_the_real_clock(mut self, because: &'static str) -> Self {
        self.real_clock = Some(because);
        self
    }

    /// Adds the version that goes wrong, for `--naive`, and a sentence that says where in the timeline one sees it.
    #[must_use]
    pub fn naive(mut self, look: &'static str, version: impl AsyncFnOnce(Scene) -> Told + 'static) -> Self {
        self.naive = Some((look, boxed(version)));
        self
    }

    /// Adds a sentence that says where in the asyncio twin's timeline one sees what is different there.
    #[must_use]
    pub fn asyncio(mut self, look: &'static str) -> Self {
        self.asyncio = Some(look);
        self
    }

    /// Says that the asyncio twin has a version that goes wrong, too, and where in its timeline one sees it.
    #[must_use]
    pub fn asyncio_naive(mut self, look: &'static str) -> Self {
        self.asyncio_naive = Some(look);
        self
    }

    /// Tells the story as the command line asks, draws its timeline, and returns the program's exit code.
    ///
    /// `look` is a sentence that says where in the timeline one sees the point.
    /// Exit codes: 0, 1 for a story that failed, 2 for a wrong flag, 101 for a panic, 130 for Ctrl-C.
    pub fn tell(self, look: &'static str, version: impl AsyncFnOnce(Scene) -> Told + 'static) -> ExitCode {
        let flags = match Flags::read(&self, std::env::args_os().skip(1)) {
            Ok(flags) => flags,
            Err(sentence) => {
                complain(format_args!("{}: {sentence} See cargo run -p {} -- --help.", self.name, self.name));
                return ExitCode::from(2);
            }
        };
        if flags.help {
            print(flags::help(&self).trim_end());
            return ExitCode::SUCCESS;
        }
        match self.play(&flags, look, boxed(version)) {
            Ok(code) => code,
            Err(sentence) => {
                complain(sentence);
                ExitCode::from(2)
            }
        }
    }

    pub(crate) fn has_naive(&self) -> bool {
        self.naive.is_some()
    }

    pub(crate) fn has_naive_twin(&self) -> bool {
        self.asyncio_naive.is_some()
    }

    pub(crate) fn twin(&self) -> PathBuf {
        self.folder.join("twin.py")
    }

    fn play(mut self, flags: &Flags, look: &'static str, version: Version) -> Result<ExitCode, String> {
        let (look, version) = self.naive.take().filter(|_| flags.naive).unwrap_or((look, version));
        let twin = if flags.players == Players::Tokio { None } else { Some(Twin::find(&self)?) };
        let seed = flags.seed.unwrap_or_else(|| rand::random_range(1..=9_999));
        let curtain = Curtain::hang(flags)?;
        let mut recordings = Vec::new();
        let mut looks = Vec::new();
        let mut ending = Ending::Well;
        if flags.players != Players::Asyncio {
            looks.push(look);
            let (recording, end) = self.perform(flags, seed, version, &curtain)?;
            recordings.push(recording);
            ending = end;
        }
        if let Some(twin) = twin {
            looks.extend(if flags.naive { self.asyncio_naive } else { self.asyncio });
            if !recordings.is_empty() {
                print("");
            }
            curtain.step_aside();
            let (recording, end) = twin.play(&self.knobs, flags, seed)?;
            recordings.extend(recording);
            ending = ending.and(end);
        }
        Ok(curtain.fall(&recordings, &looks, ending))
    }

    /// Runs the Rust version, its lines printed as they happen.
    fn perform(
        &self,
        flags: &Flags,
        seed: u64,
        version: Version,
        curtain: &Curtain,
    ) -> Result<(Recording, Ending), String> {
        let clock = if flags.fast { Clock::Virtual } else { Clock::Real };
        let title = if flags.naive { format!("{}, naive", self.name) } else { self.name.to_owned() };
        print(format_args!("{title}: {}, seed {seed}", lines::clock_words(clock)));
        let recorder = Recorder::new(title, clock);
        let lines = Lines { recorder: recorder.clone(), color: lines::color() };
        let subscriber = tracing_subscriber::registry().with(recorder.clone()).with(lines);
        let runtime = Builder::new_current_thread().enable_all().start_paused(flags.fast).build();
        let runtime = runtime.map_err(|error| format!("the operating system refuses a runtime: {error}."))?;
        let knobs = self.knobs.iter().zip(&flags.knobs).map(|(knob, value)| (knob.name, *value)).collect();
        let scene = Scene { knobs, seed };
        tracing::subscriber::set_global_default(subscriber).map_err(|error| error.to_string())?;
        curtain.raise(&recorder);
        let told = catch_unwind(AssertUnwindSafe(|| {
            runtime.block_on(async {
                let told = unless_stuck(&recorder, version(scene)).await;
                // Taken before the runtime drops what the story left running.
                told.map(|told| (recorder.recording(), told))
            })
        }));
        // A closure that still runs on the blocking pool is not waited for.
        runtime.shutdown_background();
        Ok(match told {
            Ok(Ok((recording, Ok(())))) => (recording, Ending::Well),
            Ok(Ok((recording, Err(error)))) => (recording, Ending::Badly(format!("{error}."))),
            Ok(Err(stuck)) => {
                let sentence = stuck.to_string();
                (stuck.recording, Ending::Badly(sentence))
            }
            Err(_) => (recorder.recording(), Ending::Panic),
        })
    }
}

impl Scene {
    /// The value of a knob.
    ///
    /// # Panics
    ///
    /// If the story did not declare it.
    #[must_use]
    pub fn get(&self, knob: &Knob) -> u64 {
        let found = self.knobs.iter().find(|(name, _)| *name == knob.name);
        found.unwrap_or_else(|| panic!("the story declares its knob --{}", knob.name)).1
    }

    /// Whether a switch was given.
    #[must_use]
    pub fn is_on(&self, switch: &Knob) -> bool {
        self.get(switch) == 1
    }

    /// The value of a knob that counts milliseconds.
    #[must_use]
    pub fn milliseconds(&self, knob: &Knob) -> Duration {
        Duration::from_millis(self.get(knob))
    }

    /// The story's randomness: the same for the same seed, here and in the asyncio twin.
    #[must_use]
    pub fn dice(&self) -> Dice {
        Dice(SplitMix64::seed_from_u64(self.seed))
    }
}

/// A small seeded generator, the same in both languages.
#[derive(Clone, Debug)]
pub struct Dice(SplitMix64);

impl Dice {
    /// A whole number from `low` to `high`; `low` must not be above `high`, nor the span all of `u64`.
    ///
    /// The remainder of a division favours small numbers by a part in billions: good enough for a story, not for statistics.
    pub fn pick(&mut self, low: u64, high: u64) -> u64 {
        low + self.0.next_u64() % (high - low + 1)
    }
}

fn boxed(version: impl AsyncFnOnce(Scene) -> Told + 'static) -> Version {
    Box::new(move |scene| Box::pin(async move { version(scene).await }))
}
