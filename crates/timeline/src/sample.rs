//! Even samples of events that are too many to keep all of them.

use recording::{LONG_POLL, Micros, Poll, Value, Wake};

/// From this many entries on, neighbours are merged.
const MOST: usize = 128;

/// An event that a lane has many of.
pub(crate) trait Sample: Sized {
    /// From when until when it was.
    fn span(&self) -> (Micros, Micros);

    /// Whether it may be merged with a neighbour. `bearable` is how long a lane may be ready.
    fn is_usual(&self, bearable: Micros) -> bool;

    /// Merges the next entry into this one.
    fn absorb(&mut self, next: &Self);
}

impl Sample for Poll {
    fn span(&self) -> (Micros, Micros) {
        (self.at, self.until)
    }

    fn is_usual(&self, _: Micros) -> bool {
        self.longest <= LONG_POLL
    }

    fn absorb(&mut self, next: &Self) {
        (self.until, self.until_seq) = (next.until, next.until_seq);
        self.count = self.count.saturating_add(next.count);
        self.busy += next.busy;
        self.longest = self.longest.max(next.longest);
        self.thread = self.thread.filter(|thread| next.thread == Some(*thread));
    }
}

impl Sample for Wake {
    fn span(&self) -> (Micros, Micros) {
        (self.at, self.until.unwrap_or(Micros::MAX))
    }

    fn is_usual(&self, bearable: Micros) -> bool {
        self.until.is_some_and(|until| until - self.at <= bearable)
    }

    fn absorb(&mut self, next: &Self) {
        self.count += next.count;
    }
}

/// Adds an entry. If there are too many, ordinary neighbours are merged, evenly over the whole time.
pub(crate) fn push<T: Sample>(entries: &mut Vec<T>, entry: T, bearable: Micros) {
    if entries.len() == entries.capacity() {
        match entries.len() {
            // Most lanes have one or two.
            0..4 => entries.reserve_exact(1),
            MOST.. => thin(entries, bearable),
            _ => {}
        }
    }
    entries.push(entry);
}

fn thin<T: Sample>(entries: &mut Vec<T>, bearable: Micros) {
    let (Some(first), Some(last)) = (entries.first(), entries.last()) else { return };
    let life = last.span().0.saturating_sub(first.span().0);
    for parts in [MOST / 2, MOST / 4, MOST / 8] {
        let longest = life / parts as Micros;
        entries.dedup_by(|next, kept| {
            let near = next.span().1.saturating_sub(kept.span().0) <= longest;
            let merged = near && kept.is_usual(bearable) && next.is_usual(bearable);
            if merged {
                kept.absorb(next);
            }
            merged
        });
        // If too many entries may not be merged, the list grows.
        if entries.len() <= entries.capacity() / 4 * 3 {
            return;
        }
    }
}

/// Adds a change of a level. If there are too many, it keeps the extremes, evenly over the whole time.
pub(crate) fn push_value(values: &mut Vec<Value>, value: Value) {
    const MOST_VALUES: usize = 1_024;
    if values.len() >= MOST_VALUES {
        let life = value.at - values[0].at;
        let part = |value: &Value| (value.at.saturating_mul(MOST_VALUES as Micros / 8)) / life.max(1);
        let kept = values.chunk_by(|one, next| part(one) == part(next)).flat_map(|part| {
            let lowest = part.iter().enumerate().min_by_key(|(_, value)| value.value);
            let highest = part.iter().enumerate().max_by_key(|(_, value)| value.value);
            let mut kept: Vec<_> = [lowest, highest].into_iter().flatten().map(|(index, _)| index).collect();
            kept.extend([0, part.len() - 1]);
            kept.sort_unstable();
            kept.dedup();
            kept.into_iter().map(|index| part[index].clone())
        });
        *values = kept.collect();
    }
    values.push(value);
}
