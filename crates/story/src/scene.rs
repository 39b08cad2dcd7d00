//! What a story gets: the values of its knobs, and its randomness.

use std::ops::RangeInclusive;
use std::sync::Arc;
use std::time::Duration;

use rand_xoshiro::SplitMix64;
use rand_xoshiro::rand_core::{Rng, SeedableRng};

/// A number that the reader can set with one of the topic's own flags, such as `--limit 3`.
#[derive(Clone, Debug)]
pub struct Knob {
    pub(crate) name: &'static str,
    pub(crate) default: u64,
    pub(crate) range: RangeInclusive<u64>,
    pub(crate) help: &'static str,
    pub(crate) is_switch: bool,
    /// Whether it changes only the version that goes wrong.
    pub(crate) naive_only: bool,
    /// The name of the knob that counts the things of which this knob names one by its number.
    pub(crate) one_of: Option<&'static str>,
}

impl Knob {
    /// A knob `--name N`: its default, the values that make sense, and a help text that names the unit.
    #[must_use]
    pub const fn new(name: &'static str, default: u64, range: RangeInclusive<u64>, help: &'static str) -> Self {
        Self { name, default, range, help, is_switch: false, naive_only: false, one_of: None }
    }

    /// A switch `--name`: 1 if it is given, otherwise 0.
    #[must_use]
    pub const fn switch(name: &'static str, help: &'static str) -> Self {
        Self { name, default: 0, range: 0..=1, help, is_switch: true, naive_only: false, one_of: None }
    }

    /// Refuses this knob without `--naive`, because it changes only the version that goes wrong. The title then shows its value.
    #[must_use]
    pub const fn for_naive(self) -> Self {
        Self { naive_only: true, ..self }
    }

    /// Refuses a value above that of the knob `count`, because this knob is the number of one of those things.
    ///
    /// For example, `--broken` names one of the `--requests`: with `--requests 4`, the story refuses `--broken 5`.
    #[must_use]
    pub const fn one_of(self, count: &'static str) -> Self {
        Self { one_of: Some(count), ..self }
    }
}

/// What a story gets: the values of its knobs, and the seed of its randomness.
#[derive(Clone, Debug)]
pub struct Scene {
    pub(crate) knobs: Arc<[(&'static str, u64)]>,
    pub(crate) seed: u64,
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

    /// The story's randomness. The same seed gives the same numbers here and in the asyncio twin.
    #[must_use]
    pub fn dice(&self) -> Dice {
        Dice(SplitMix64::seed_from_u64(self.seed))
    }
}

/// A small seeded generator, the same in both languages.
#[derive(Clone, Debug)]
pub struct Dice(SplitMix64);

impl Dice {
    /// A whole number from `low` to `high`. `low` must not be above `high`, and the range must not be all of `u64`.
    ///
    /// The remainder of a division slightly favours small numbers: good enough for a story, not for statistics.
    pub fn pick(&mut self, low: u64, high: u64) -> u64 {
        low + self.0.next_u64() % (high - low + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::Knob;

    #[test]
    fn only_a_switch_is_a_switch() {
        assert!(Knob::switch("cost", "").is_switch);
        assert!(!Knob::new("broken", 1, 0..=1, "which service fails; 0 for none").is_switch);
    }
}
