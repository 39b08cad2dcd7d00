//! What the answer of `async-files/atomic_save` is given.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use exam::{LaneExt, Micros, ms};
use tokio::time::{Instant, sleep};

/// A folder on a disk. Clones are the same folder.
#[derive(Clone, Debug)]
pub struct Disk(Arc<Mutex<State>>);

/// An open file.
#[derive(Debug)]
pub struct File {
    disk: Disk,
    name: String,
    number: usize,
    buffer: Vec<u8>,
    written: usize,
}

/// What the disk says when an operation fails.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed(pub(super) String);

#[expect(clippy::missing_errors_doc, reason = "each fails when the disk says so")]
impl Disk {
    pub(super) fn new(fails: &'static str, slowness: u64) -> Self {
        let names = Names::from([("settings".to_owned(), 0)]);
        let (files, synced_names) = (vec![[OLD.into(), OLD.into()]], names.clone());
        let (start, history) = (Instant::now(), Vec::new());
        let (numbers, failed, again) = (0, false, false);
        let state = State { start, files, names, synced_names, numbers, fails, failed, again, slowness, history };
        Self(Arc::new(Mutex::new(state)))
    }

    /// A number that nobody else gets.
    #[must_use]
    pub fn unique_number(&self) -> u64 {
        let mut state = self.state();
        state.numbers += 1;
        state.numbers
    }

    /// Makes an empty file; if there is one of this name, it is emptied.
    pub async fn create(&self, name: &str) -> Result<File, Failed> {
        let create = |state: &mut State| {
            let number = *state.names.entry(name.to_owned()).or_insert(state.files.len());
            state.files.resize_with(state.files.len().max(number + 1), Default::default);
            state.files[number][0].clear();
            Ok(number)
        };
        let number = self.does("create", name, 13, create).await?;
        Ok(File { number, disk: self.clone(), name: name.to_owned(), buffer: Vec::new(), written: 0 })
    }

    /// Gives a file another name. If another file has that name, this one takes its place, in one step.
    pub async fn rename(&self, from: &str, to: &str) -> Result<(), Failed> {
        let rename = |state: &mut State| {
            let number = state.take(from)?;
            state.names.insert(to.to_owned(), number);
            Ok(())
        };
        self.does("rename", from, 17, rename).await
    }

    /// Removes a file.
    pub async fn remove(&self, name: &str) -> Result<(), Failed> {
        self.does("remove", name, 11, |state| state.take(name).map(drop)).await
    }

    /// Makes the names in the folder survive a loss of power: what was created, renamed and removed so far.
    pub async fn sync_folder(&self) -> Result<(), Failed> {
        // What begins during the sync has no part in it.
        let names = self.state().names.clone();
        let sync = |state: &mut State| {
            state.synced_names = names;
            Ok(())
        };
        self.does("sync the folder", "", 53, sync).await
    }

    async fn does<T>(
        &self,
        what: &str,
        name: &str,
        takes: u64,
        then: impl FnOnce(&mut State) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let takes = takes * self.state().slowness;
        let work = async {
            sleep(ms(takes)).await;
            let mut state = self.state();
            let done = state.may(what).and_then(|()| then(&mut state));
            _ = state.remember();
            done
        };
        work.try_lane(format!("{what} {name}").trim_end()).await
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::missing_errors_doc, reason = "each fails when the disk says so")]
impl File {
    /// Takes the text into a buffer of this file; readers do not see it yet.
    #[expect(clippy::unused_async, reason = "as in Tokio, it could wait for the write before")]
    pub async fn write(&mut self, text: &str) -> Result<(), Failed> {
        self.disk.state().may("write")?;
        self.buffer.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// Writes the buffer: readers see it from now on.
    pub async fn flush(&mut self) -> Result<(), Failed> {
        let bytes = std::mem::take(&mut self.buffer);
        for half in [&bytes[..bytes.len() / 2], &bytes[bytes.len() / 2..]] {
            let (from, to) = (self.written, self.written + half.len());
            let write = |state: &mut State| {
                let text = &mut state.files[self.number][0];
                text.resize(text.len().max(to), b'?');
                text[from..to].copy_from_slice(half);
                Ok(())
            };
            self.disk.does("flush", &self.name, 31, write).await?;
            self.written = to;
        }
        Ok(())
    }

    /// Makes the bytes that are flushed survive a loss of power.
    pub async fn sync(&mut self) -> Result<(), Failed> {
        let bytes = self.disk.state().files[self.number][0].clone();
        let sync = |state: &mut State| {
            state.files[self.number][1] = bytes;
            Ok(())
        };
        self.disk.does("sync", &self.name, 71, sync).await
    }
}

/// The number of the file that each name stands for.
type Names = BTreeMap<String, usize>;

#[derive(Debug)]
pub(super) struct State {
    start: Instant,
    /// Of each file: what readers see, and what survives a loss of power.
    files: Vec<[Vec<u8>; 2]>,
    names: Names,
    synced_names: Names,
    numbers: u64,
    /// The operation that fails once, whether it has failed, and whether it was called again.
    fails: &'static str,
    failed: bool,
    pub(super) again: bool,
    slowness: u64,
    pub(super) history: Vec<Moment>,
}

/// The texts at a moment: for readers, and after two losses of power, one without the names that are not synced, and one with them.
#[derive(Clone, Debug)]
pub(super) struct Moment(pub(super) Micros, pub(super) [BTreeMap<String, String>; 3]);

pub(super) const SEEN: Range<usize> = 0..1;
pub(super) const LOST: Range<usize> = 1..3;

impl State {
    /// Fails once only. Another attempt seems to work, as on Linux, where the bytes of a failed sync are lost.
    fn may(&mut self, what: &str) -> Result<(), Failed> {
        if what != self.fails {
            return Ok(());
        }
        self.again = self.failed;
        self.failed = true;
        if self.again { Ok(()) } else { Err(Failed(format!("{what} failed"))) }
    }

    fn take(&mut self, name: &str) -> Result<usize, Failed> {
        self.names.remove(name).ok_or_else(|| Failed(format!("there is no file {name}")))
    }

    pub(super) fn remember(&mut self) -> [BTreeMap<String, String>; 3] {
        let texts = |names: &Names, which: usize| {
            let text = |number: &usize| String::from_utf8_lossy(&self.files[*number][which]).into_owned();
            names.iter().map(|(name, number)| (name.clone(), text(number))).collect()
        };
        // A file system may make names last of its own accord, before the bytes; it need not.
        let texts = [texts(&self.names, 0), texts(&self.synced_names, 1), texts(&self.names, 1)];
        let at = self.start.elapsed().as_micros().try_into().unwrap_or(Micros::MAX);
        self.history.push(Moment(at, texts.clone()));
        texts
    }
}

pub(super) const OLD: &str = "old settings";
