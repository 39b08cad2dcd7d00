//! How every command prints text.

use std::fmt::Display;
use std::io::{self, Write};

use console::Term;

/// Prints text and a line break. If standard output is closed, the text is lost.
pub fn say(text: impl Display) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// How many lines and columns the terminal has; `COLUMNS` overrides the columns.
pub fn screen() -> (usize, usize) {
    let (lines, columns) = Term::stdout().size_checked().unwrap_or((24, 80));
    let asked = std::env::var("COLUMNS").ok().and_then(|columns| columns.parse().ok()).filter(|columns| *columns > 0);
    (lines.into(), asked.unwrap_or(columns).clamp(40, 1_000).into())
}

/// Wraps text to the terminal's width, between words. Indented lines are code and stay as they are.
pub fn wrapped(text: &str) -> String {
    let width = screen().1.min(100);
    let mut made = String::new();
    for line in text.lines() {
        let mut column = 0;
        let words: Vec<_> = if line.starts_with("    ") { vec![line] } else { line.split(' ').collect() };
        for word in words {
            let length = console::measure_text_width(word);
            if column > 0 {
                let full = column + 1 + length > width;
                made.push(if full { '\n' } else { ' ' });
                column = if full { 0 } else { column + 1 };
            }
            made.push_str(word);
            column += length;
        }
        made.push('\n');
    }
    made.trim_end().to_owned()
}

/// `1 check`, `2 checks`.
pub fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
