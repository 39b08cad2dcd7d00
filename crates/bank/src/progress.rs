//! What the reader has done, in a small text file that git ignores.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::Told;
use crate::files::{hash, replace};

/// One line per exercise: `gather/two_stages hints=1,3 failed=cd01... unbuilt=45ef... solved=89ab... told=89ab... order=7`.
/// It has the numbers of the hints that were shown, and the fingerprints of the last failed check, of the answer that did not compile and of the answer that passed.
/// `told` is the solved answer whose reader asked for a hint and was told that it is solved.
/// `order` counts the solved exercises of all topics, so the highest is the one that was solved last.
#[derive(Debug, Default)]
pub struct Progress {
    file: PathBuf,
    lines: BTreeMap<String, Line>,
}

#[derive(Debug, Default)]
struct Line {
    hints: BTreeSet<usize>,
    failed: Option<String>,
    unbuilt: Option<String>,
    solved: Option<String>,
    told: Option<String>,
    order: Option<usize>,
    /// Words that this version does not know are kept: a later version may have written them.
    rest: Vec<String>,
}

impl Progress {
    /// Reads the file. What cannot be read counts as not done.
    pub fn load(root: &Path) -> Self {
        Self::read(root).unwrap_or_default()
    }

    fn read(root: &Path) -> Told<Self> {
        let file = root.join(".workbook").join("progress.txt");
        let text = match fs::read(&file) {
            Ok(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            Err(error) => return Err(format!("{} cannot be read: {error}.", file.display())),
        };
        let lines = text.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            let (id, mut line) = (words.next()?.to_owned(), Line::default());
            for word in words {
                let numbers = |text: &str| text.split(',').map(str::parse).collect();
                match word.split_once('=').map(|(key, value)| (key, value, numbers(value))) {
                    Some(("hints", _, Ok(numbers))) => line.hints = numbers,
                    Some(("failed", hash, _)) => line.failed = Some(hash.to_owned()),
                    Some(("unbuilt", hash, _)) => line.unbuilt = Some(hash.to_owned()),
                    Some(("solved", hash, _)) => line.solved = Some(hash.to_owned()),
                    Some(("told", hash, _)) => line.told = Some(hash.to_owned()),
                    Some(("order", number, _)) if number.parse::<usize>().is_ok() => line.order = number.parse().ok(),
                    _ => line.rest.push(word.to_owned()),
                }
            }
            Some((id, line))
        });
        Ok(Self { lines: lines.collect(), file })
    }

    /// The fingerprint of the answer that passed. A reset does not remove it.
    pub fn solved(&self, id: &str) -> Option<&str> {
        self.lines.get(id)?.solved.as_deref()
    }

    /// Whether the hint of this number was shown, counted from 1.
    pub fn has_seen(&self, id: &str, hint: usize) -> bool {
        self.lines.get(id).is_some_and(|line| line.hints.contains(&hint))
    }

    /// Whether this check is the last one that failed.
    pub fn failed_in(&self, id: &str, check: &str) -> bool {
        self.lines.get(id).is_some_and(|line| line.failed.as_ref() == Some(&hash(check)))
    }

    /// Whether the last attempt was this answer, it did not compile, and no hint was asked for since.
    pub fn is_unbuilt(&self, id: &str, answer: &str) -> bool {
        self.lines.get(id).is_some_and(|line| line.unbuilt.as_ref() == Some(&hash(answer)))
    }

    /// Whether the reader asked for a hint for this answer and was told that it is solved.
    pub fn is_told_solved(&self, id: &str, answer: &str) -> bool {
        self.lines.get(id).is_some_and(|line| line.told.as_ref() == Some(&hash(answer)))
    }

    /// The exercise that was solved last.
    pub fn solved_last(&self) -> Option<&str> {
        let last = self.lines.iter().filter(|(_, line)| line.order.is_some()).max_by_key(|(_, line)| line.order);
        last.map(|(id, _)| id.as_str())
    }

    /// Notes that this answer passed.
    pub fn note_solved(root: &Path, id: &str, answer: &str) -> Told<()> {
        Self::change(root, id, |line, order| {
            let solved = Some(hash(answer));
            // An answer that passes again, for example in a test of all, is not the one that the reader has just solved.
            if line.solved != solved || line.order.is_none() {
                line.order = Some(order);
            }
            (line.solved, line.failed, line.unbuilt) = (solved, None, None);
        })
    }

    /// Notes that an answer failed in this check.
    pub fn note_failed(root: &Path, id: &str, check: &str) -> Told<()> {
        Self::change(root, id, |line, _| (line.failed, line.unbuilt) = (Some(hash(check)), None))
    }

    /// Notes that this answer does not compile.
    pub fn note_unbuilt(root: &Path, id: &str, answer: &str) -> Told<()> {
        Self::change(root, id, |line, _| line.unbuilt = Some(hash(answer)))
    }

    /// Notes that the reader knows that the answer does not compile.
    pub fn note_told(root: &Path, id: &str) -> Told<()> {
        Self::change(root, id, |line, _| line.unbuilt = None)
    }

    /// Notes that the reader knows that this answer is solved.
    pub fn note_told_solved(root: &Path, id: &str, answer: &str) -> Told<()> {
        Self::change(root, id, |line, _| line.told = Some(hash(answer)))
    }

    /// Notes that the reader has seen all hints for the check that failed last, twice: the next hint is for another check.
    pub fn note_repeated(root: &Path, id: &str) -> Told<()> {
        Self::change(root, id, |line, _| line.failed = None)
    }

    /// Notes that the hint of this number was shown.
    pub fn note_hint(root: &Path, id: &str, hint: usize) -> Told<()> {
        Self::change(root, id, |line, _| _ = line.hints.insert(hint))
    }

    /// Notes that the reader begins again: forgets everything except that it was solved.
    pub fn note_reset(root: &Path, id: &str) -> Told<()> {
        Self::change(root, id, |line, _| {
            *line = Line { solved: line.solved.take(), order: line.order, ..Line::default() };
        })
    }

    /// Reads the file again, because another terminal may have written it, and replaces it in one step, so that a kill loses nothing.
    fn change(root: &Path, id: &str, change: impl FnOnce(&mut Line, usize)) -> Told<()> {
        // Other processes wait until this one has written. Where files cannot be locked, the last one wins.
        let lock = root.join(".workbook").join("progress.lock");
        let lock = fs::create_dir_all(root.join(".workbook")).and_then(|()| fs::File::create(lock));
        let _held = lock.and_then(|file| file.lock().map(|()| file));
        let mut progress = Self::read(root)?;
        let order = progress.lines.values().filter_map(|line| line.order).max().unwrap_or(0).saturating_add(1);
        change(progress.lines.entry(id.to_owned()).or_default(), order);
        let lines = progress.lines.iter().map(|(id, Line { hints, failed, unbuilt, solved, told, order, rest })| {
            let hints: Vec<_> = hints.iter().map(usize::to_string).collect();
            let hints = (!hints.is_empty()).then(|| hints.join(","));
            let order = order.map(|order| order.to_string());
            let known = [
                ("hints", &hints),
                ("failed", failed),
                ("unbuilt", unbuilt),
                ("solved", solved),
                ("told", told),
                ("order", &order),
            ];
            let known = known.into_iter().filter_map(|(key, value)| Some(format!("{key}={}", value.as_ref()?)));
            let words = [id.clone()].into_iter().chain(known).chain(rest.iter().cloned());
            words.collect::<Vec<_>>().join(" ") + "\n"
        });
        let text: String = lines.collect();
        replace(&progress.file, &text)
    }
}

#[cfg(test)]
mod tests {
    use std::{env, fs, process, thread};

    use super::Progress;

    #[test]
    fn changes_at_the_same_time_lose_no_line() {
        let root = env::temp_dir().join(format!("workbook-progress-{}", process::id()));
        thread::scope(|scope| {
            for number in 1..=16 {
                let root = &root;
                scope.spawn(move || Progress::note_hint(root, &format!("demo/number_{number}"), number).unwrap());
            }
        });
        let progress = Progress::load(&root);
        for number in 1..=16 {
            assert!(progress.has_seen(&format!("demo/number_{number}"), number));
        }
        fs::remove_dir_all(root).unwrap();
    }
}
