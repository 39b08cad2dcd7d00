//! A story as a topic declares it.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::ExitCode;

use timeline::Recording;

use crate::scene::{Knob, Scene};

/// What a story returns. An error is printed as one sentence after the timeline, and the program exits with 1.
pub type Told = Result<(), Box<dyn Error>>;

/// Says in a sentence where to look in the timeline. It gets the recording, so that it never contradicts the picture.
pub type Look = fn(&Recording) -> &'static str;

/// What a switch does instead of telling the story.
pub(crate) type Instead = fn() -> ExitCode;

pub(crate) type Version = Box<dyn FnOnce(Scene) -> Pin<Box<dyn Future<Output = Told>>>>;

/// A topic's demo: its knobs and its versions, told by [`Story::tell`].
pub struct Story {
    pub(crate) name: &'static str,
    pub(crate) about: &'static str,
    pub(crate) knobs: Vec<Knob>,
    pub(crate) real_clock: Option<&'static str>,
    pub(crate) folder: &'static Path,
    pub(crate) naive: Option<(Look, Version)>,
    pub(crate) asyncio: Option<Look>,
    pub(crate) asyncio_naive: Option<Look>,
    pub(crate) instead: Option<(&'static str, Instead)>,
}

impl Story {
    /// A story for the topic with this name and folder: `Story::new("gather", env!("CARGO_MANIFEST_DIR"))`.
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
            instead: None,
        }
    }

    /// Adds a sentence that says what the story shows; `--help` begins with it.
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

    /// Adds the version that goes wrong, for `--naive`, and the sentence that says where the timeline shows it.
    #[must_use]
    pub fn naive(mut self, look: Look, version: impl AsyncFnOnce(Scene) -> Told + 'static) -> Self {
        self.naive = Some((look, boxed(version)));
        self
    }

    /// Adds the sentence that says where the asyncio twin's timeline differs.
    #[must_use]
    pub fn asyncio(mut self, look: Look) -> Self {
        self.asyncio = Some(look);
        self
    }

    /// Says that the asyncio twin also has a version that goes wrong, and where its timeline shows it.
    #[must_use]
    pub fn asyncio_naive(mut self, look: Look) -> Self {
        self.asyncio_naive = Some(look);
        self
    }

    /// Makes a switch do something instead of telling the story. Such a switch is refused together with other flags.
    #[must_use]
    pub fn instead(mut self, switch: &Knob, action: fn() -> ExitCode) -> Self {
        self.instead = Some((switch.name, action));
        self
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
}

pub(crate) fn boxed(version: impl AsyncFnOnce(Scene) -> Told + 'static) -> Version {
    Box::new(move |scene| Box::pin(async move { version(scene).await }))
}
