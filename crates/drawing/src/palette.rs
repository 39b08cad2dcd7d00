//! The colours of every drawing: the terminal chart, the SVG, and whatever is drawn next.
//!
//! The hues are those of Okabe and Ito (<https://jfly.uni-koeln.de/color/>), which people with the common kinds of colour blindness tell apart,
//! darkened for a light background and lightened for a dark one where they need it.
//! Colour never stands alone: every state has its own shape, too.

use recording::Outcome;

/// One hue, as each kind of drawing needs it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hue {
    /// What it is called: `blue`.
    pub name: &'static str,
    /// For a light background, as `#rrggbb`.
    pub light: &'static str,
    /// For a dark background, as `#rrggbb`.
    pub dark: &'static str,
    /// For a terminal, whose background is unknown: a number in the 256-colour table that can be read on black and on white.
    pub ansi: u8,
}

const fn hue(name: &'static str, light: &'static str, dark: &'static str, ansi: u8) -> Hue {
    Hue { name, light, dark, ansi }
}

/// The hues of lanes, given out in turn: from blue to rose, and apart from those of outcomes, so that a lane's colour says nothing about its end.
/// Two that are near each other in hue are not in lightness.
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

/// Failed, panicked, held up: the one colour of trouble.
pub const TROUBLE: Hue = hue("vermilion", "#c24a00", "#ff8244", 166);

/// Never started, not started yet, axes and other quiet things.
pub const QUIET: Hue = hue("grey", "#667079", "#98a3ad", 244);

/// What everything is drawn on.
pub const GROUND: Hue = hue("ground", "#ffffff", "#0f141a", 0);

/// Titles, and other text that has no hue of its own; in a terminal, its own colour of text.
pub const INK: Hue = hue("ink", "#1f2328", "#e6edf3", 0);

/// The hue of an outcome; `None` is a lane that was still open.
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
