//! What is wrong with an answer, in words for the reader who wrote it.

use timeline::Micros;

/// What a judge finds: nothing, or a [`Fault`].
pub type Judgement = Result<(), Fault>;

/// What an answer did, and why that is not what it should do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// What the answer did, and what is possible. It stands above the timelines.
    pub what: String,
    /// Why, in a sentence or two. It stands below the timelines.
    pub why: String,
}

impl Fault {
    /// A fault with these words.
    pub fn new(what: impl Into<String>, why: impl Into<String>) -> Self {
        Self { what: what.into(), why: why.into() }
    }
}

/// Judges that something is wrong: `what` the answer did and what is possible, and `why`.
///
/// # Errors
///
/// Always: the [`Fault`].
pub fn fault<T>(what: impl Into<String>, why: impl Into<String>) -> Result<T, Fault> {
    Err(Fault::new(what, why))
}

/// A time for a sentence: `1.20 s`.
#[must_use]
pub fn seconds(micros: Micros) -> String {
    let hundredths = (micros + 5_000) / 10_000;
    format!("{}.{:02} s", hundredths / 100, hundredths % 100)
}

/// Two times for one sentence: in milliseconds if [`seconds`] would show them as the same.
#[must_use]
pub fn seconds_apart(mine: Micros, possible: Micros) -> (String, String) {
    let words = |say: fn(Micros) -> String| (say(mine), say(possible));
    match words(seconds) {
        (mine, possible) if mine == possible => words(|micros| format!("{} ms", micros / 1_000)),
        apart => apart,
    }
}

/// A count for a sentence: `once`, `twice`, `7 times`.
#[must_use]
pub fn times(count: usize) -> String {
    match count {
        0 => "never".to_owned(),
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        _ => format!("{count} times"),
    }
}

/// Names for a sentence: `a, b, c and 7 more`.
#[must_use]
pub fn listed(names: &[impl AsRef<str>]) -> String {
    const MOST: usize = 5;
    let shown: Vec<_> = names.iter().take(MOST).map(AsRef::as_ref).collect();
    let more = names.len().saturating_sub(MOST);
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

#[cfg(test)]
mod tests {
    use super::{listed, seconds, seconds_apart, times};

    #[test]
    fn words_for_numbers() {
        assert_eq!(seconds(1_204_999), "1.20 s");
        assert_eq!(seconds(0), "0.00 s");
        assert_eq!(seconds_apart(651_000, 650_000), ("651 ms".to_owned(), "650 ms".to_owned()));
        assert_eq!(seconds_apart(900_000, 650_000), ("0.90 s".to_owned(), "0.65 s".to_owned()));
        assert_eq!([times(0), times(1), times(2), times(3)], ["never", "once", "twice", "3 times"]);
        assert_eq!(listed(&["a", "b"]), "a, b");
        assert_eq!(listed(&["a", "b", "c", "d", "e", "f", "g"]), "a, b, c, d, e and 2 more");
    }
}
