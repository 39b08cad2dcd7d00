//! The reader's commands: map, test, try, hint, solution, reset.

use std::fs;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::mem;
use std::process::ExitCode;

use bank::{Attempt, Course, Exercise, Hint, Outcome, Progress, State, Told, attempt, replace, say, screen, wrapped};
use console::{measure_text_width, style};
use similar::{ChangeTag, TextDiff};

use crate::{STOP, STOPPED};

/// One line for each topic, in learning order, with the state and level of its exercises. Then the command to go on with.
pub(crate) fn map(course: &Course) -> ExitCode {
    let progress = Progress::load(&course.root);
    let wide = course.topics.iter().map(|topic| topic.name.len()).max().unwrap_or(0);
    for topic in &course.topics {
        let exercises = topic.exercises.iter().map(|exercise| {
            let mark = match exercise.state(&progress) {
                State::NotStarted if progress.solved(&exercise.id()).is_some() => style("○").green(),
                State::NotStarted => style("·").dim(),
                State::Begun => style("►").yellow(),
                State::Solved => style("✓").green(),
            };
            let level = exercise.level().unwrap_or_default();
            format!("  {mark} {} {}", exercise.name, style(level.split(' ').nth(1).unwrap_or_default()).dim())
        });
        say(format!("{}{}", style(format!("{:wide$}", topic.name)).bold(), exercises.collect::<String>()));
    }
    say(style("\n· not started   ► begun   ✓ solved   ○ solved before   1 to 3: the level").dim());
    say(summary(course));
    if let Some(next) = course.next(&progress) {
        say(format!("Go on:   cargo workbook watch {}   (or try, hint)", next.id()));
    }
    ExitCode::SUCCESS
}

/// `exercises: 3 of 20 solved, next: gather/two_stages`. The next one is the same as in the map: see `Course::next`.
fn summary(course: &Course) -> String {
    let progress = Progress::load(&course.root);
    let solved = course.exercises().filter(|exercise| exercise.state(&progress) == State::Solved).count();
    let next = course.next(&progress).map_or_else(|| "all done".to_owned(), |next| format!("next: {}", next.id()));
    format!("exercises: {solved} of {} solved, {next}", course.exercises().count())
}

/// Checks the answers that were begun. For one topic, also shows the verdict on the first that fails.
pub(crate) fn test(course: &Course, topic: Option<&str>) -> Told<ExitCode> {
    let mut failed = None;
    for exercise in course.topics(topic)?.into_iter().flat_map(|topic| &topic.exercises) {
        if exercise.state(&Progress::load(&course.root)) == State::NotStarted {
            if topic.is_some() {
                say(format!("{} {}: not started", style("·").dim(), exercise.id()));
            }
            continue;
        }
        // Whatever is wrong with this one, the others are still checked.
        let attempt = attempt(course, exercise, false, &STOP);
        let Attempt { outcome, above, text } = attempt.unwrap_or_else(|error| {
            let text = wrapped(&error);
            Attempt::new(Outcome::NoReport(error), text)
        });
        match &outcome {
            Outcome::Stopped => return Ok(STOPPED.into()),
            Outcome::Passed => say(format!("{} {}", style("✓").green(), exercise.id())),
            outcome => {
                say(format!("{} {}: {}", style("✗").red(), exercise.id(), in_brief(outcome)));
                failed.get_or_insert((exercise, above + &text));
            }
        }
    }
    let code = if failed.is_some() { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    match failed {
        Some((_, text)) if topic.is_some() => say(text),
        Some((exercise, _)) => say(format!("Why: cargo workbook try {}", exercise.id())),
        None => {}
    }
    say(summary(course));
    Ok(code)
}

/// An outcome in half a line.
pub(crate) fn in_brief(outcome: &Outcome) -> &str {
    match outcome {
        Outcome::Passed => "passed",
        Outcome::Failed(check) => check,
        Outcome::NotBuilt => "does not compile",
        Outcome::NoReport(why) => why,
        Outcome::Edited => "a file that belongs to the exercise was edited",
        Outcome::Stopped => "stopped",
    }
}

/// One exercise: the task if it is not started, otherwise the verdict.
///
/// `full` shows everything in the verdict, however long.
pub(crate) fn try_one(course: &Course, exercise: &Exercise, full: bool) -> Told<ExitCode> {
    if exercise.state(&Progress::load(&course.root)) == State::NotStarted {
        say(not_started(course, exercise)?);
        return Ok(ExitCode::SUCCESS);
    }
    if io::stderr().is_terminal() {
        // If standard error is closed, the line is lost.
        let _ = writeln!(io::stderr(), "{}", style("checking …").for_stderr().dim());
    }
    let Attempt { outcome, above, text } = attempt(course, exercise, full, &STOP)?;
    say(above + &text);
    match outcome {
        Outcome::Passed => say(summary(course)),
        Outcome::Stopped => return Ok(STOPPED.into()),
        _ => return Ok(ExitCode::FAILURE),
    }
    Ok(ExitCode::SUCCESS)
}

/// The task, and the file to edit.
pub(crate) fn not_started(course: &Course, exercise: &Exercise) -> Told<String> {
    let file = course.shown(&exercise.file("answer.rs"));
    Ok(format!("{}\n\n{} Edit {}", wrapped(&exercise.task()?), style("Not started yet.").yellow(), style(file).bold()))
}

/// Shows one more hint each time: first those for the last failed check, then the others in order. After the last one, shows all.
/// If all hints for the last failed check were seen, they are shown again once: a hint for another check gives away what was not asked.
/// If the answer does not compile, or is solved already, the first call says only that.
pub(crate) fn hint(course: &Course, exercise: &Exercise) -> Told<ExitCode> {
    say(next_hint(course, exercise)?);
    Ok(ExitCode::SUCCESS)
}

pub(crate) fn next_hint(course: &Course, exercise: &Exercise) -> Told<String> {
    let hints: Vec<_> = (1..).zip(exercise.hints()?).collect();
    let (id, progress) = (exercise.id(), Progress::load(&course.root));
    if exercise.text("answer.rs").is_ok_and(|answer| progress.is_unbuilt(&id, &answer)) {
        // If this cannot be saved, every call would say the same, so the hint comes at once.
        if Progress::note_told(&course.root, &id).is_ok() {
            let first = "Your answer does not compile yet, so no check has run. Look first at what the compiler says:";
            return Ok(format!("{}\n\n    cargo workbook try {id}\n\nFor a hint now, ask again.", wrapped(first)));
        }
    }
    if exercise.state(&progress) == State::Solved
        && let Ok(answer) = exercise.text("answer.rs")
        && !progress.is_told_solved(&id, &answer)
        && Progress::note_told_solved(&course.root, &id, &answer).is_ok()
    {
        return Ok(format!(
            "{} {id} is solved. The solution beside your answer:\n\n    cargo workbook solution {id}\n\nFor a hint all the same, ask again.",
            style("✓").green()
        ));
    }
    let words = |(number, hint): &(usize, Hint)| {
        let checks = hint.summary.trim_start_matches(|character: char| character.is_ascii_digit());
        let heading = wrapped(&format!("{id}, hint {number} of {}{checks}", hints.len()));
        format!("{}\n\n{}", style(heading).bold(), wrapped(&hint.text))
    };
    let helps = |hint: &Hint| hint.checks.iter().any(|check| progress.failed_in(&id, check));
    let unseen = hints.iter().filter(|(number, _)| !progress.has_seen(&id, *number));
    let Some(next) = unseen.min_by_key(|(_, hint)| !helps(hint)) else {
        let all: Vec<_> = hints.iter().map(words).collect();
        return Ok(format!(
            "{}\n\nThese are all the hints. The solution:\n\n    cargo workbook solution {id} --reveal",
            all.join("\n\n")
        ));
    };
    let text = words(next);
    let again: Vec<_> = hints.iter().filter(|(_, hint)| !helps(&next.1) && helps(hint)).map(words).collect();
    // If this cannot be saved, every call would say the same, so the next hint comes at once.
    if !again.is_empty() && Progress::note_repeated(&course.root, &id).is_ok() {
        let no_more =
            "There are no more hints for the check that failed last. For a hint for another check, ask again.";
        return Ok(format!("{}\n\n{}", again.join("\n\n"), wrapped(no_more)));
    }
    match Progress::note_hint(&course.root, &id, next.0) {
        Ok(()) => Ok(text),
        Err(error) => Ok(format!("{text}\n\n{}", wrapped(&format!("Your progress could not be saved: {error}")))),
    }
}

/// The solution beside the answer.
pub(crate) fn solution(course: &Course, exercise: &Exercise, reveal: bool) -> Told<ExitCode> {
    let id = exercise.id();
    if !reveal && Progress::load(&course.root).solved(&id).is_none() {
        say(format!(
            "{id} is not solved yet.\n\
             A hint:        cargo workbook hint {id}\n\
             The solution:  cargo workbook solution {id} --reveal"
        ));
        return Ok(ExitCode::FAILURE);
    }
    let (answer, solution) = (code(&exercise.text("answer.rs")?), code(&exercise.text("solution.rs")?));
    say(format!("{}   {}\n", style("- your answer").red(), style("+ the solution").green()));
    // A pipe gets each line of code in one line.
    let width = if io::stdout().is_terminal() { screen().1 } else { usize::MAX };
    for change in TextDiff::from_lines(&answer, &solution).iter_all_changes() {
        let lines = folded(change.value().trim_end(), width.saturating_sub(2));
        for line in lines {
            say(match change.tag() {
                ChangeTag::Equal => format!("  {line}"),
                ChangeTag::Delete => style(format!("- {line}")).red().to_string(),
                ChangeTag::Insert => style(format!("+ {line}")).green().to_string(),
            });
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// A line of code in lines of at most `width` columns. It is parted between words, and what follows is indented further.
/// A word that is longer stays whole, and so does a text in quotes.
fn folded(line: &str, width: usize) -> Vec<String> {
    let code = line.trim_start();
    let indent = " ".repeat(line.len() - code.len());
    let more = format!("{indent}{}", if code.starts_with("//") { "// " } else { "    " });
    let mut words = Vec::<String>::new();
    for word in code.split(' ') {
        match words.last_mut() {
            Some(last) if last.matches('"').count() % 2 == 1 => last.extend([" ", word]),
            _ => words.push(word.to_owned()),
        }
    }
    let (mut lines, mut line) = (Vec::new(), indent);
    for (number, word) in words.iter().enumerate() {
        if number > 0 && measure_text_width(&line) + 1 + measure_text_width(word) > width {
            lines.push(mem::replace(&mut line, more.clone()));
        } else if number > 0 {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    lines
}

/// A file without what the task does not ask for: its documentation and its `#[expect(..)]` attributes.
fn code(text: &str) -> String {
    let asked = |line: &&str| !["//!", "///", "#[expect("].iter().any(|start| line.trim_start().starts_with(start));
    text.lines().filter(asked).map(|line| line.to_owned() + "\n").collect::<String>().trim_start().to_owned()
}

/// Restores the original answer, and keeps the reader's.
pub(crate) fn reset(course: &Course, exercise: &Exercise) -> Told<ExitCode> {
    let file = exercise.file("answer.rs");
    let start = exercise.text("start.rs")?;
    if exercise.text("answer.rs").is_ok_and(|answer| answer == start) {
        say(format!("{} is untouched.", course.shown(&file)));
        return Ok(ExitCode::SUCCESS);
    }
    // Read as bytes, because it may not be UTF-8.
    let answer = match fs::read(&file) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            return Err(format!("{} cannot be read, so nothing was changed: {error}.", course.shown(&file)));
        }
        answer => answer.ok(),
    };
    let backups = course.root.join(".workbook").join("backups").join(&exercise.topic);
    let mut names = (1..).map(|number: u32| backups.join(format!("{}-{number}.rs", exercise.name)));
    // Only a full disk could use up all the numbers.
    let backup = names.find(|name| !name.exists()).ok_or("There is no room for another backup.")?;
    if let Some(answer) = &answer {
        replace(&backup, answer)?;
    }
    replace(&file, &start)?;
    let kept = answer.map(|_| format!("\nYours is kept in {}", course.shown(&backup))).unwrap_or_default();
    say(format!("{} is the original again.{kept}", course.shown(&file)));
    Progress::note_reset(&course.root, &exercise.id())?;
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::folded;

    #[test]
    fn a_long_line_of_code_is_parted_between_words() {
        let line = "    let answers = join_all(services.iter().map(Service::ask)).await; // all at once";
        assert_eq!(folded(line, 80).len(), 2);
        assert_eq!(
            folded(line, 40),
            [
                "    let answers =",
                "        join_all(services.iter().map(Service::ask)).await;",
                "        // all at once",
            ]
        );
        assert_eq!(folded("    // one two three four", 20), ["    // one two three", "    // four"]);
        assert_eq!(folded("call(&readings.join(\" \")).await", 20), ["call(&readings.join(\" \")).await"]);
        assert_eq!(folded("let all = join(\"a b\")", 15), ["let all =", "    join(\"a b\")"]);
        assert_eq!(folded("", 80), [""]);
        assert_eq!(folded(line, usize::MAX), [line]);
    }
}
