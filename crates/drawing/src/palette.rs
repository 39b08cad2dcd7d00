//! The colours of every drawing: the terminal chart and the SVG.
//!
//! The hues are from Okabe and Ito (<https://jfly.uni-koeln.de/color/>). People with the common kinds of colour blindness can tell them apart.
//! They are darker for a light background and lighter for a dark one, where necessary.
//! Colour is never the only sign: every state also has its own shape.

use recording::Outcome;

/// One hue, in the form for each kind of drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hue {
    /// Its name: `blue`.
    pub name: &'static str,
    /// For a light background, as `#rrggbb`.
    pub light: &'static str,
    /// For a dark background, as `#rrggbb`.
    pub dark: &'static str,
    /// For a terminal with an unknown background: a number in the 256-colour table that is readable on black and on white.
    pub ansi: u8,
}

const fn hue(name: &'static str, light: &'static str, dark: &'static str, ansi: u8) -> Hue {
    Hue { name, light, dark, ansi }
}

/// The hues of lanes, used in turn: from blue to rose. They differ from the hues of outcomes, so that a lane's colour says nothing about its end.
/// Two hues that are near each other differ in lightness.
pub const LANES: [Hue; 6] = [
    hue("blue", "#0072b2", "#4aa8e0", 32),
    hue("rose", "#b8478f", "#ee8fc4", 169),
    hue("indigo", "#4f46c8", "#8f8cf5", 62),
    hue("plum", "#7a1f5c", "#f0b8dc", 126),
    hue("navy", "#2b3f87", "#86d3f5", 67),
    hue("purple", "#8a4fa3", "#b98ad0", 133),
];

/// Finished.
pub const FINISHED: Hue = hue("green", "#00805d", "#2fbf94", 36);

/// Cancelled.
pub const CANCELLED: Hue = hue("ochre", "#8f6a00", "#d9a520", 136);

/// The colour of trouble: failed, panicked, held up.
pub const TROUBLE: Hue = hue("vermilion", "#c24a00", "#ff8244", 166);

/// The colour of never started, not started yet, axes and other background elements.
pub const QUIET: Hue = hue("grey", "#667079", "#98a3ad", 244);

/// The background colour.
pub const GROUND: Hue = hue("ground", "#ffffff", "#0f141a", 0);

/// Titles, and other text without a hue. In a terminal, its own text colour.
pub const INK: Hue = hue("ink", "#1f2328", "#e6edf3", 0);

/// The hue of an outcome. `None` means that the lane was still open.
#[must_use]
pub const fn outcome(outcome: Option<Outcome>) -> Hue {
    match outcome {
        Some(Outcome::Finished) => FINISHED,
        Some(Outcome::Failed | Outcome::Panicked) => TROUBLE,
        Some(Outcome::Cancelled) => CANCELLED,
        Some(Outcome::NeverStarted) => QUIET,
        None => INK,
    }
}
