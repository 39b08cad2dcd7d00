//! The checks of `async-files/atomic_save`.

use std::ops::Range;
use std::process::ExitCode;

use exam::{Call, Exam, Judgement, LaneExt, Run, fault, seconds};
use futures::future::join_all;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::{Disk, Failed, LOST, Moment, OLD, SEEN};

const NEW: &str = "the new settings\n";
const BLANK: &str = " \n";
/// As long as `NEW`.
const ANOTHER: &str = "the other's text\n";

type Save = Call<(Disk, String, String), Result<(), Failed>>;

/// What the saves returned, and what happened on the disk until then.
struct Seen {
    said: Vec<Result<(), Failed>>,
    /// For each save, when it returned: the name, and what a reader finds after two kinds of power loss.
    kept: Vec<(String, [Option<String>; 2])>,
    history: Vec<Moment>,
    again: bool,
}

/// Saves all of these at the same time. Each is a name and a text.
async fn play(save: &Save, disk: Disk, saves: &[(&str, &str)]) -> Seen {
    let saves = saves.iter().map(async |(name, text)| {
        let call = save((disk.clone(), (*name).to_owned(), (*text).to_owned()));
        let said = call.try_lane(format!("save {name}")).await;
        let texts = disk.state().remember();
        (said, ((*name).to_owned(), [LOST.start, LOST.end - 1].map(|view| texts[view].get(*name).cloned())))
    });
    let (said, kept) = join_all(saves).await.into_iter().unzip();
    let state = disk.state();
    Seen { said, kept, history: state.history.clone(), again: state.again }
}

async fn one(save: Save) -> Seen {
    play(&save, Disk::new("", 1), &[("settings", NEW)]).await
}

/// A slow disk and a file that does not exist yet, a long text, an empty one, and many saves at the same time.
async fn others(save: Save) -> [Seen; 5] {
    let at_once = [("settings", NEW), ("users", NEW), ("settings", ANOTHER), ("users", ANOTHER)].repeat(25);
    [
        play(&save, Disk::new("", 16_000), &[("users", NEW)]).await,
        play(&save, Disk::new("", 1), &[("settings", &long())]).await,
        play(&save, Disk::new("", 1), &[("settings", "")]).await,
        play(&save, Disk::new("", 1), &[("settings", BLANK)]).await,
        play(&save, Disk::new("", 1), &at_once).await,
    ]
}

fn long() -> String {
    ["\u{feff}[all]\r\n", &NEW.repeat(5_000), "\0", &"größe ☕".repeat(5_000), "\nno line end"].concat()
}

async fn failing(save: Save) -> Vec<Seen> {
    let mut seen = Vec::new();
    for (fails, slowness) in
        [("create", 1), ("write", 1), ("flush", 9_000), ("sync", 1), ("rename", 1), ("sync the folder", 1)]
    {
        seen.push(play(&save, Disk::new(fails, slowness), &[("settings", NEW)]).await);
    }
    seen
}

fn main() -> ExitCode {
    Exam::new(
        "async-files/atomic_save",
        async |(disk, name, text)| solution::save(disk, name, text).await,
        async |(disk, name, text)| answer::save(disk, name, text).await,
    )
    .check("saves the text", one, |mine, _| {
        let why = "`write` only puts the text into a buffer. `flush` writes the buffer, and returns the error if that fails.";
        mine.output.is_ok(why)?;
        mine.output.ends_with(SEEN, "settings", &[NEW], why)
    })
    .check("keeps the old text until the new one is complete", one, |mine, _| {
        let why = "Readers can come at any moment. Write to another file, and rename it when it is complete. A rename replaces the old file in one step.";
        mine.output.always(SEEN, why)
    })
    .check("survives a loss of power after its end", one, |mine, _| {
        let why = "The operating system keeps flushed bytes in memory for a while. You need two calls: `file.sync()` makes the text survive, and `disk.sync_folder()` makes the names survive.";
        mine.output.ends_with(LOST, "settings", &[NEW], why)
    })
    .check("survives a loss of power at any moment", one, |mine, _| {
        mine.output.always(LOST, "After a loss of power, the new name may be there without the text of the file. Sync the file before you rename it.")
    })
    .check("keeps a hundred saves apart, and accepts any text and a slow disk", others, apart)
    .check("returns the error, and leaves nothing behind", failing, |mine, possible| {
        mine.output.iter().zip(&possible.output).try_for_each(|(mine, possible)| mine.fails_as(possible))
    })
    .verdict()
}

fn apart(mine: &Run<[Seen; 5]>, possible: &Run<[Seen; 5]>) -> Judgement {
    let [slow, long_text, empty, blank, at_once] = &mine.output;
    let why = "Two saves that share a temporary file write into each other's text, and one renames the file while the other still uses it. Give each save its own temporary name: `disk.unique_number()`.";
    let slowly =
        "On this disk each operation takes some minutes, and there was no file of this name. Wait as long as it takes.";
    slow.is_ok(slowly)?;
    slow.ends_with(LOST, "users", &[NEW], slowly)?;
    long_text.is_ok("A long text is also a text.")?;
    long_text.ends_with(LOST, "settings", &[&long()], "Write the whole text unchanged, even if it is long. Its line ends, its byte order mark and its zero byte are part of it, and its last line may have no end. A character may take several bytes.")?;
    empty.is_ok("An empty text is also a text.")?;
    empty.ends_with(LOST, "settings", &[""], "An empty text is also a text.")?;
    blank.is_ok("A blank text is also a text.")?;
    blank.ends_with(LOST, "settings", &[BLANK], "A blank text is also a text.")?;
    at_once.is_ok(why)?;
    for name in ["settings", "users"] {
        at_once.ends_with(SEEN.start..LOST.end, name, &[NEW, ANOTHER], why)?;
    }
    for (name, texts) in &at_once.kept {
        let lost = texts.iter().find(|text| !text.as_ref().is_some_and(|text| [NEW, ANOTHER].contains(&text.as_str())));
        if let Some(text) = lost {
            return fault(
                format!(
                    "Several saves were under way. One returned `Ok`, and then the power failed. After that, `{name}` {}.",
                    words(text.as_ref())
                ),
                "Another save of the same file may still fail. Return `Ok` only when your own text survives a loss of power.",
            );
        }
    }
    at_once.left_behind(&["settings", "users"])?;
    for call in ["create", "sync the folder"] {
        let (peak, all) = (mine.peak(call), possible.peak(call));
        if peak < all {
            return fault(
                format!("Of {all} saves, at most {peak} were in `{call}` at once."),
                "Saves with their own temporary files need not wait for each other. Other programs do not know your lock.",
            );
        }
    }
    Ok(())
}

impl Seen {
    fn is_ok(&self, why: &str) -> Judgement {
        match self.said.iter().find_map(|said| said.as_ref().err()) {
            Some(failed) => fault(format!("You returned the error {:?}, where `Ok` is right.", failed.0), why),
            None => Ok(()),
        }
    }

    /// Whether in these views this file holds one of these texts at the end.
    fn ends_with(&self, views: Range<usize>, name: &str, texts: &[&str], why: &str) -> Judgement {
        let last = &self.history[self.history.len() - 1].1;
        for view in views {
            let text = last[view].get(name);
            if !text.is_some_and(|text| texts.contains(&text.as_str())) {
                let when = if SEEN.contains(&view) {
                    "At the end"
                } else {
                    "You returned `Ok`, and then the power failed. After that,"
                };
                let right: Vec<_> = texts.iter().map(|text| quoted(text)).collect();
                return fault(format!("{when} `{name}` {}. Right is {}.", words(text), right.join(" or ")), why);
            }
        }
        Ok(())
    }

    /// Whether in these views the settings were the old text or the new one at every moment.
    fn always(&self, views: Range<usize>, why: &str) -> Judgement {
        for Moment(at, texts) in &self.history {
            for view in views.clone() {
                let text = texts[view].get("settings");
                if !text.is_some_and(|text| [OLD, NEW].contains(&text.as_str())) {
                    let who = if SEEN.contains(&view) { "a reader finds that" } else { "the power may fail, and then" };
                    let what = format!(
                        "At {} {who} `settings` {}. Right is the old text or the new one.",
                        seconds(*at),
                        words(text)
                    );
                    return fault(what, why);
                }
            }
        }
        Ok(())
    }

    fn left_behind(&self, names: &[&str]) -> Judgement {
        let why = "Every failed save leaves another file, until the disk is full. Remove the temporary file before you return the error.";
        match self.history[self.history.len() - 1].1[0].keys().find(|name| !names.contains(&name.as_str())) {
            Some(name) => fault(format!("You left the file {name:?} behind."), why),
            None => Ok(()),
        }
    }

    fn fails_as(&self, possible: &Self) -> Judgement {
        if self.said != possible.said {
            let why = "Return the first error, or the caller believes that the text is safe. A second attempt may seem to work, although the disk has lost the text.";
            return fault(format!("You returned {:?}, where {:?} is right.", self.said[0], possible.said[0]), why);
        }
        if self.again {
            let why = "After an error the disk may have lost the bytes, and a second attempt still seems to work. Return the error.";
            return fault(
                format!("The disk returned {:?}, and you called this operation again.", possible.said[0]),
                why,
            );
        }
        self.always(
            SEEN.start..LOST.end,
            "An operation failed. If the new text is not in place, the old one must still be there.",
        )?;
        self.left_behind(&["settings"])
    }
}

fn words(text: Option<&String>) -> String {
    match text {
        None => "does not exist".to_owned(),
        Some(text) if text.is_empty() => "is empty".to_owned(),
        Some(text) => format!("holds {}", quoted(text)),
    }
}

fn quoted(text: &str) -> String {
    if text.len() > 100 { format!("a text of {} bytes", text.len()) } else { format!("{text:?}") }
}
