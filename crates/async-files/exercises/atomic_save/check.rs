//! The checks of `async-files/atomic_save`.

use std::collections::BTreeMap;
use std::error::Error;
use std::fmt::{self, Display, Formatter};
use std::process::ExitCode;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use exam::{Call, Exam, Judgement, LaneExt, Run, fault, ms, seconds};
use tokio::time::{Instant, sleep};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Failed(&'static str);

impl Display for Failed {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

impl Error for Failed {}

type Names = BTreeMap<String, usize>;

#[derive(Debug)]
struct State {
    start: Instant,
    /// Of each file: what readers see, and what survives a loss of power.
    files: Vec<[Vec<u8>; 2]>,
    names: Names,
    synced_names: Names,
    numbers: u64,
    fails: &'static str,
    history: Vec<Moment>,
}

/// What the names stand for at a moment: for readers, and after each of two losses of power.
#[derive(Clone, Debug)]
struct Moment {
    at: Instant,
    seen: BTreeMap<String, String>,
    lost: [BTreeMap<String, String>; 2],
}

impl Disk {
    /// A disk with the old text in `settings`, on which this operation fails.
    fn new(fails: &'static str) -> Self {
        let names = Names::from([("settings".to_owned(), 0)]);
        let files = vec![[OLD.into(), OLD.into()]];
        let history = Vec::new();
        let state =
            State { start: Instant::now(), files, synced_names: names.clone(), names, numbers: 0, fails, history };
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
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub async fn create(&self, name: &str) -> Result<File, Failed> {
        let number = self.does("create", name, 13, |state| {
            let new = state.files.len();
            let number = *state.names.entry(name.to_owned()).or_insert(new);
            if number == new {
                state.files.push([Vec::new(), Vec::new()]);
            }
            state.files[number][0].clear();
            Ok(number)
        });
        Ok(File { number: number.await?, disk: self.clone(), name: name.to_owned(), buffer: Vec::new(), written: 0 })
    }

    /// Gives a file another name. If another file has that name, this one takes its place, in one step.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub async fn rename(&self, from: &str, to: &str) -> Result<(), Failed> {
        let rename = self.does("rename", from, 17, |state| {
            let number = state.names.remove(from).ok_or(Failed("no file has this name"))?;
            state.names.insert(to.to_owned(), number);
            Ok(())
        });
        rename.await
    }

    /// Removes a file.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub async fn remove(&self, name: &str) -> Result<(), Failed> {
        self.does("remove", name, 11, |state| state.names.remove(name).map(drop).ok_or(Failed("no file has this name")))
            .await
    }

    /// Makes the names in the folder survive a loss of power: what was created, renamed and removed so far.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub async fn sync_folder(&self) -> Result<(), Failed> {
        self.does("sync the folder", "", 53, |state| {
            state.synced_names.clone_from(&state.names);
            Ok(())
        })
        .await
    }

    async fn does<T>(
        &self,
        what: &str,
        name: &str,
        takes: u64,
        then: impl FnOnce(&mut State) -> Result<T, Failed>,
    ) -> Result<T, Failed> {
        let work = async {
            sleep(ms(takes)).await;
            let mut state = self.state();
            let failed = [
                ("create", "may not be created"),
                ("flush", "is full"),
                ("sync", "is broken"),
                ("rename", "may not be renamed"),
            ];
            let failed =
                failed.into_iter().chain([("sync the folder", "has lost the folder")]).find(|one| one.0 == what);
            let done = match failed {
                Some((what, words)) if what == state.fails => Err(Failed(words)),
                _ => then(&mut state),
            };
            state.remember();
            done
        };
        work.try_lane(format!("{what} {name}").trim_end()).await
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn remember(&mut self) {
        let texts = |names: &Names, which: usize| {
            let text = |number: &usize| String::from_utf8_lossy(&self.files[*number][which]).into_owned();
            names.iter().map(|(name, number)| (name.clone(), text(number))).collect()
        };
        // A file system may make names last of its own accord, before the bytes; it need not.
        let lost = [texts(&self.synced_names, 1), texts(&self.names, 1)];
        self.history.push(Moment { at: Instant::now(), seen: texts(&self.names, 0), lost });
    }
}

impl File {
    /// Takes the text into a buffer of this file; readers do not see it yet.
    ///
    /// # Errors
    ///
    /// None so far: what goes wrong is said by `flush`.
    #[expect(clippy::unused_async, reason = "as in Tokio, it could wait for the write before")]
    pub async fn write(&mut self, text: &str) -> Result<(), Failed> {
        self.buffer.extend_from_slice(text.as_bytes());
        Ok(())
    }

    /// Writes the buffer: readers see it from now on.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub async fn flush(&mut self) -> Result<(), Failed> {
        let bytes = std::mem::take(&mut self.buffer);
        for half in [&bytes[..bytes.len() / 2], &bytes[bytes.len() / 2..]] {
            let (from, to) = (self.written, self.written + half.len());
            let write = self.disk.does("flush", &self.name, 31, |state| {
                let text = &mut state.files[self.number][0];
                text.resize(text.len().max(to), b'?');
                text[from..to].copy_from_slice(half);
                Ok(())
            });
            write.await?;
            self.written = to;
        }
        Ok(())
    }

    /// Makes the bytes that are flushed survive a loss of power.
    ///
    /// # Errors
    ///
    /// What the disk says.
    pub async fn sync(&mut self) -> Result<(), Failed> {
        let sync = self.disk.does("sync", &self.name, 71, |state| {
            let [seen, synced] = &mut state.files[self.number];
            synced.clone_from(seen);
            Ok(())
        });
        sync.await
    }
}

const OLD: &str = "old settings";
const NEW: &str = "the new settings";

type Save = Call<(Disk, String, String), Result<(), Failed>>;

/// What the saves said, and what happened on the disk up to then.
struct Seen {
    said: Vec<Result<(), Failed>>,
    start: Instant,
    history: Vec<Moment>,
}

async fn play<const N: usize>(save: Save, fails: &'static str, saves: [(&str, &str); N]) -> Seen {
    let disk = Disk::new(fails);
    let saves = saves
        .map(|(name, text)| save((disk.clone(), name.to_owned(), text.to_owned())).try_lane(format!("save {name}")));
    let said = futures::future::join_all(saves).await;
    let mut state = disk.state();
    state.remember();
    Seen { said, start: state.start, history: state.history.clone() }
}

fn main() -> ExitCode {
    Exam::new(
        "async-files/atomic_save",
        async |(disk, name, text)| solution::save(disk, name, text).await,
        async |(disk, name, text)| answer::save(disk, name, text).await,
    )
    .check("saves the text", one, |mine, _| {
        mine.output.said_ok()?;
        mine.output.ends_with(|end| &end.seen, "At the end", &[NEW], "`write` only takes the text into a buffer. `flush` writes the buffer, and returns the error if that fails.")
    })
    .check("keeps the old text until the new one is whole", one, |mine, _| {
        let why = "Readers come at any moment. Write to another file, and rename that when it is whole: a rename takes the place of the old file in one step.";
        mine.output.always(|moment| [&moment.seen], "a reader", why)
    })
    .check("survives a loss of power after its end", one, |mine, _| {
        let why = "The operating system keeps what was flushed in memory for a while. `file.sync()` makes the text last, and `disk.sync_folder()` the names: two things.";
        mine.output.ends_with(|end| &end.lost[0], "You returned `Ok`, then the power failed. Afterwards", &[NEW], why)
    })
    .check("survives a loss of power at any moment", one, |mine, _| {
        let why = "A disk may make the new name last before the text of the file. Sync the file before you rename it.";
        mine.output.always(|moment| moment.lost.each_ref(), "after a loss of power a reader", why)
    })
    .check(
        "keeps two writers apart",
        async |save| play(save, "", [("settings", NEW), ("settings", "the settings of somebody else"), ("users", "Ada, Bob")]).await,
        apart,
    )
    .check("returns the error, and leaves nothing behind", failing, |mine, possible| {
        (mine.output.iter().zip(&possible.output)).try_for_each(|(mine, possible)| mine.fails_as(possible))
    })
    .verdict()
}

async fn one(save: Save) -> Seen {
    play(save, "", [("settings", NEW)]).await
}

async fn failing(save: Save) -> Vec<Seen> {
    let mut seen = Vec::new();
    for fails in ["create", "flush", "sync", "rename", "sync the folder"] {
        seen.push(play(Save::clone(&save), fails, [("settings", NEW)]).await);
    }
    seen
}

fn apart(mine: &Run<Seen>, possible: &Run<Seen>) -> Judgement {
    let why = "Two writers that share a temporary file write into each other's text, and one of them renames it away from the other. Give each save a name of its own: `disk.unique_number()`.";
    mine.output.said_ok_or(why)?;
    let texts = [NEW, "the settings of somebody else"];
    mine.output.ends_with(|end| &end.seen, "Two writers saved at once. At the end", &texts, why)?;
    mine.output.ends_with(
        |end| &end.lost[0],
        "Two writers saved at once, then the power failed. Afterwards",
        &texts,
        why,
    )?;
    mine.output.left_behind(&["settings", "users"])?;
    mine.as_quick_as(possible, "Saves with temporary files of their own need not wait for one another, and other programs know nothing of a lock of yours.")
}

impl Seen {
    fn said_ok(&self) -> Judgement {
        self.said_ok_or("Nothing went wrong on this disk.")
    }

    fn said_ok_or(&self, why: &str) -> Judgement {
        match self.said.iter().find_map(|said| said.err()) {
            Some(failed) => fault(format!("You returned the error {:?}, where `Ok` is right.", failed.0), why),
            None => Ok(()),
        }
    }

    fn end(&self) -> &Moment {
        &self.history[self.history.len() - 1]
    }

    /// Whether the settings are one of these texts at the end.
    fn ends_with(
        &self,
        view: impl Fn(&Moment) -> &BTreeMap<String, String>,
        when: &str,
        texts: &[&str],
        why: &str,
    ) -> Judgement {
        match view(self.end()).get("settings") {
            Some(text) if texts.contains(&text.as_str()) => Ok(()),
            text => fault(format!("{when} `settings` {}. Right is {:?}.", words(text), texts.join("\" or \"")), why),
        }
    }

    /// Whether the settings were the old text or the new one at every moment.
    fn always<const N: usize>(
        &self,
        views: impl Fn(&Moment) -> [&BTreeMap<String, String>; N],
        who: &str,
        why: &str,
    ) -> Judgement {
        for moment in &self.history {
            for view in views(moment) {
                let text = view.get("settings");
                if !text.is_some_and(|text| [OLD, NEW].contains(&text.as_str())) {
                    let at = u64::try_from((moment.at - self.start).as_micros()).unwrap_or(u64::MAX);
                    return fault(
                        format!(
                            "At {} {who} finds that `settings` {}. Right is the old text or the new one.",
                            seconds(at),
                            words(text)
                        ),
                        why,
                    );
                }
            }
        }
        Ok(())
    }

    fn left_behind(&self, names: &[&str]) -> Judgement {
        match self.end().seen.keys().find(|name| !names.contains(&name.as_str())) {
            Some(name) => fault(
                format!("You left the file {name:?} behind."),
                "Every failed save leaves another one, until the disk is full for good. Remove the temporary file before you return the error.",
            ),
            None => Ok(()),
        }
    }

    fn fails_as(&self, possible: &Self) -> Judgement {
        if self.said != possible.said {
            let words = |seen: &Self| match seen.said[0] {
                Ok(()) => "`Ok`".to_owned(),
                Err(failed) => format!("the error {:?}", failed.0),
            };
            let what = format!("You returned {}, where {} is right.", words(self), words(possible));
            return fault(
                what,
                "The caller must hear what went wrong first: otherwise they believe that their text is safe.",
            );
        }
        let why = "An operation failed. If the new text is not in place, the old one must still be there.";
        self.always(|moment| [&moment.seen], "a reader", why)?;
        self.left_behind(&["settings"])
    }
}

fn words(text: Option<&String>) -> String {
    match text {
        None => "does not exist".to_owned(),
        Some(text) if text.is_empty() => "is empty".to_owned(),
        Some(text) => format!("holds {text:?}"),
    }
}
