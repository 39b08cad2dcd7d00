//! The dictionary lacks no public name of asyncio and no public method of its classes, and invents none.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use room::{code_blocks, python};

use room::run_python;

use crate::pages::page;

/// `asyncio.__all__` of Python 3.11 on Linux, and `TaskGroup`, which that version has and forgets to list.
const OF_3_11: &str = include_str!("asyncio_3_11.txt");

/// Public names that only Windows has.
const OF_WINDOWS: [&str; 4] =
    ["IocpProactor", "ProactorEventLoop", "WindowsProactorEventLoopPolicy", "WindowsSelectorEventLoopPolicy"];

/// The newest Python whose methods were looked at.
const NEWEST: u32 = 13;

/// Examples of what the dictionary names: a `Process` has attributes that its class has not.
const EXAMPLES: &str = "
import asyncio, contextlib, signal, sys
from asyncio import subprocess
from unittest.mock import Mock
Process = subprocess.Process(Mock(), Mock(), None)
";

/// Prints the public methods and attributes that each class has and its public bases have not.
const METHODS: &str = "
def public(thing): return {name for name in dir(thing) if not name.startswith('_')}
classes = {name: getattr(asyncio, name) for name in asyncio.__all__}
classes = {name: cls for name, cls in classes.items() if isinstance(cls, type)}
print(sys.version_info[1])
print('loop', *public(asyncio.AbstractEventLoop))
print('Process', *public(Process))
for name, cls in classes.items():
    # `Server` stands for its abstract base, and an exception has no methods of interest.
    if name.startswith('Abstract') or issubclass(cls, (BaseException, asyncio.AbstractEventLoop)): continue
    bases = [base for base in cls.__mro__[1:] if base.__name__ in classes and not base.__name__.startswith('Abstract')]
    print(name, *public(cls).difference(*map(public, bases)))
";

/// The rows of the first part: what stands in the column of asyncio, and the whole row.
fn asyncio_rows(page: &str) -> Vec<(&str, &str)> {
    let (first_part, _) = page.split_once("## The other way round").expect("the dictionary has two parts");
    let rows = first_part.lines().filter(|line| line.starts_with("| ") && !line.starts_with("| asyncio |"));
    rows.map(|row| (row.split('|').nth(1).unwrap_or_default(), row)).collect()
}

/// What stands in backquotes.
fn names(cell: &str) -> impl Iterator<Item = &str> {
    cell.split('`').skip(1).step_by(2)
}

fn translated(page: &str) -> BTreeSet<&str> {
    asyncio_rows(page).into_iter().flat_map(|(cell, _)| names(cell)).collect()
}

#[test]
fn no_public_name_of_asyncio_3_11_is_missing() {
    let page = page("dictionary");
    let translated = translated(&page);
    let missing: Vec<_> = OF_3_11.lines().chain(OF_WINDOWS).filter(|name| !translated.contains(name)).collect();
    assert!(missing.is_empty(), "the dictionary lacks {missing:?}");
}

#[test]
fn no_public_name_of_this_pythons_asyncio_is_missing_but_for_later_ones() {
    if python().is_none() {
        return;
    }
    let script = "import asyncio, sys\nprint(sys.version_info[1], *asyncio.__all__)";
    let output = run_python(script);
    let mut words = output.split_whitespace();
    let minor: u32 = words.next().unwrap().parse().unwrap();
    let page = page("dictionary");
    let translated = translated(&page);
    let missing: Vec<_> = words.filter(|name| !translated.contains(name)).collect();
    // Python 3.14 is the newest whose names were looked at.
    assert!(missing.is_empty() || minor > 14, "the dictionary lacks {missing:?} of Python 3.{minor}");
    if !missing.is_empty() {
        eprintln!("TO DO: names of Python 3.{minor} that the dictionary lacks: {missing:?}");
    }
}

#[test]
fn no_public_method_of_this_pythons_asyncio_is_missing_but_for_later_ones() {
    if python().is_none() {
        return;
    }
    let output = run_python(&format!("{EXAMPLES}{METHODS}"));
    let (version, classes) = output.split_once('\n').unwrap();
    let page = page("dictionary");
    let translated = translated(&page);
    let unneeded = page.split_once("## What nobody needs to translate").unwrap().1.split("\n## ").next().unwrap();
    let unneeded: BTreeSet<_> = names(unneeded).collect();
    let (mut found, mut missing) = (0, Vec::new());
    for line in classes.lines() {
        let mut words = line.split_whitespace();
        let class = words.next().unwrap();
        let methods = words.map(|method| format!("{class}.{method}")).filter(|_| !unneeded.contains(class));
        let (known, unknown): (Vec<_>, Vec<_>) = methods.partition(|name| translated.contains(&name[..]));
        found += known.len();
        missing.extend(unknown);
    }
    let newer = version.trim().parse::<u32>().unwrap() > NEWEST;
    assert!(missing.is_empty() || newer, "the dictionary lacks {missing:?} of Python 3.{version}");
    if !missing.is_empty() {
        eprintln!("TO DO: methods of Python 3.{version} that the dictionary lacks: {missing:?}");
    }
    assert!(found > 140, "only {found} methods were looked for");
}

#[test]
fn every_name_that_the_dictionary_translates_exists() {
    let page = page("dictionary");
    let mut script = format!("{EXAMPLES}loop = asyncio.new_event_loop()\n");
    for (cell, row) in asyncio_rows(&page) {
        let newer = row.contains("(3.1");
        for name in names(cell).filter(|name| !newer && !OF_WINDOWS.contains(name)) {
            let owner = name.split('.').next().unwrap_or_default();
            let path = name.chars().all(|letter| letter.is_alphanumeric() || "._".contains(letter));
            if ["loop", "subprocess", "Process", "contextlib", "signal"].contains(&owner) {
                let _ = writeln!(script, "{name}");
            } else if path && (name.contains('.') || owner.contains('_') || OF_3_11.lines().any(|line| line == owner)) {
                let _ = writeln!(script, "asyncio.{name}");
            }
        }
    }
    script.push_str("loop.close()\n");
    assert!(script.lines().count() > 200, "{script}");
    // The names of Unix are missing elsewhere, and Python 3.14 has dropped some.
    if cfg!(unix) && run_python("import sys; print(sys.version_info < (3, 14))").trim() != "False" {
        run_python(&script);
    }
}

#[test]
fn every_row_has_three_cells_and_every_table_a_heading_of_its_own() {
    let page = page("dictionary");
    let mut heading = "";
    for line in page.lines() {
        if line.starts_with("##") {
            heading = line;
        } else if line == "|---|---|---|" {
            assert!(!heading.is_empty(), "two tables under one heading, or none above it");
            heading = "";
        } else if line.starts_with('|') {
            assert_eq!(line.matches('|').count(), 4, "{line}");
        }
    }
    assert_eq!(code_blocks(&page).len(), 1);
}
