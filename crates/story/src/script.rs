//! A story as a topic declares it.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::process::ExitCode;

use timeline::Recording;

use crate::scene::{Knob, Scene};

/// What a story returns: an error is printed as one sentence after the timeline, and the program exits with 1.
pub type Told = Result<(), Box<dyn Error>>;

/// A sentence that says where in the timeline one sees the point, made from what was recorded, so that it never contradicts the picture.
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
            instead: None,
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
    pub fn naive(mut self, look: Look, version: impl AsyncFnOnce(Scene) -> Told + 'static) -> Self {
        self.naive = Some((look, boxed(version)));
        self
    }

    /// Adds a sentence that says where in the asyncio twin's timeline one sees what is different there.
    #[must_use]
    pub fn asyncio(mut self, look: Look) -> Self {
        self.asyncio = Some(look);
        self
    }

    /// Says that the asyncio twin has a version that goes wrong, too, and where in its timeline one sees it.
    #[must_use]
    pub fn asyncio_naive(mut self, look: Look) -> Self {
        self.asyncio_naive = Some(look);
        self
    }

    /// Gives a switch something to do instead of telling the story; beside other flags it is refused.
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
