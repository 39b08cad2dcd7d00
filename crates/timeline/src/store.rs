//! The store of a recorder's lanes. It has segments, so that a copy of all lanes copies only a few pointers.

use std::collections::VecDeque;
use std::sync::Arc;

use recording::{By, Lane, Note, Seq};

/// How many lanes are copied if one of them changes while a reader holds a copy.
const SEGMENT: usize = 256;

/// A lane in the store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LaneId {
    slot: usize,
    /// The sequence number of its opening. A slot is reused, but this number never is.
    pub(crate) number: usize,
}

/// Lanes whose parents and wakers are [numbers](LaneId::number).
#[derive(Clone, Debug, Default)]
pub(crate) struct Store {
    /// A dropped lane has a number that no other lane gets.
    segments: Vec<Arc<Vec<Lane>>>,
    /// How many slots were ever used.
    used: usize,
    free: Vec<usize>,
    /// The slots of the lanes that ended, the oldest end first.
    finished: VecDeque<usize>,
    opened: usize,
    /// About how many bytes the finished lanes and all notes take.
    bytes: usize,
}

impl Store {
    pub(crate) fn open(&mut self, lane: Lane) -> LaneId {
        let slot = self.free.pop().unwrap_or_else(|| {
            if self.used == self.segments.len() * SEGMENT {
                self.segments.push(Arc::new(Vec::with_capacity(SEGMENT)));
            }
            Arc::make_mut(&mut self.segments[self.used / SEGMENT]).push(Lane::default());
            self.used += 1;
            self.used - 1
        });
        let number = number(&lane);
        self.opened += 1;
        Arc::make_mut(&mut self.segments[slot / SEGMENT])[slot % SEGMENT] = lane;
        LaneId { slot, number }
    }

    pub(crate) fn opened(&self) -> usize {
        self.opened
    }

    /// The lane, unless it was dropped.
    pub(crate) fn get(&self, id: LaneId) -> Option<&Lane> {
        Some(&self.segments[id.slot / SEGMENT][id.slot % SEGMENT]).filter(|lane| number(lane) == id.number)
    }

    /// The lane, to change it, unless it was dropped.
    pub(crate) fn get_mut(&mut self, id: LaneId) -> Option<&mut Lane> {
        self.get(id)?;
        Some(&mut Arc::make_mut(&mut self.segments[id.slot / SEGMENT])[id.slot % SEGMENT])
    }

    /// Records that the lane has ended, and may be dropped from now on.
    pub(crate) fn finish(&mut self, id: LaneId) {
        self.bytes += self.get(id).map_or(0, size);
        self.finished.push_back(id.slot);
    }

    /// Records a note.
    pub(crate) fn noted(&mut self, note: &Note) {
        self.bytes += note_size(note);
    }

    /// Drops the oldest finished lane if all lanes together take more than this many bytes. Returns whether it did.
    pub(crate) fn let_go(&mut self, most: usize) -> bool {
        if self.bytes <= most {
            return false;
        }
        let Some(slot) = self.finished.pop_front() else { return false };
        let gone = &mut Arc::make_mut(&mut self.segments[slot / SEGMENT])[slot % SEGMENT];
        let lane = std::mem::replace(gone, Lane { opened_seq: Seq::MAX, ..Lane::default() });
        self.bytes -= (size(&lane) + lane.notes.iter().map(note_size).sum::<usize>()).min(self.bytes);
        self.free.push(slot);
        true
    }

    /// Drops the older half of these notes if everything together takes more than this many bytes. Returns how many.
    pub(crate) fn halve(&mut self, notes: &mut Vec<Note>, most: usize) -> u64 {
        if self.bytes <= most {
            return 0;
        }
        let gone = notes.drain(..notes.len().div_ceil(2));
        let (count, bytes) = gone.fold((0, 0), |(count, bytes), note| (count + 1, bytes + note_size(&note)));
        self.bytes -= bytes.min(self.bytes);
        count
    }

    /// All lanes in the order in which they were opened, and the number that each had in the store.
    pub(crate) fn lanes(&self) -> (Vec<Lane>, Vec<usize>) {
        let lanes = self.segments.iter().flat_map(|segment| segment.iter());
        let mut lanes: Vec<_> = lanes.filter(|lane| lane.opened_seq != Seq::MAX).collect();
        lanes.sort_unstable_by_key(|lane| lane.opened_seq);
        let numbers: Vec<_> = lanes.iter().map(|lane| number(lane)).collect();
        let lanes = lanes.into_iter().map(|lane| {
            let mut lane = lane.clone();
            lane.parent = lane.parent.and_then(|parent| numbers.binary_search(&parent).ok());
            for wake in &mut lane.wakes {
                if let By::Lane(number) = wake.by {
                    wake.by = numbers.binary_search(&number).map_or(By::Outside, By::Lane);
                }
            }
            lane
        });
        (lanes.collect(), numbers)
    }
}

/// Its [number](LaneId::number).
fn number(lane: &Lane) -> usize {
    usize::try_from(lane.opened_seq).unwrap_or(usize::MAX)
}

/// About how many bytes a lane takes, without its notes.
fn size(lane: &Lane) -> usize {
    let lists = size_of_val(lane.polls.as_slice()) + size_of_val(lane.wakes.as_slice());
    size_of::<Lane>() + lane.name.len() + lists
}

fn note_size(note: &Note) -> usize {
    size_of::<Note>() + note.text.len()
}
