//! Writes the module `answer` of a program that holds every variant of an answer. It passes each call to the variant that the environment names.
//!
//! It is made from the text of start.rs, formatted by rustfmt: each item begins in the first column, and so does the item's last line.
//! The result is `None` if a call cannot be passed on or a variant does not fit. Such a variant needs a separate program.

use std::fmt::Write as _;

use bank::VARIANT;

/// The module `answer`.
///
/// The code of each variant is on separate lines, so that the line of an error names the variant.
pub(crate) fn module(start: &str, variants: &[&str]) -> Option<String> {
    let mut made = format!(
        "#![allow(warnings, clippy::all, clippy::pedantic)]\n\n\
         static CHOSEN: std::sync::LazyLock<String> =\n    std::sync::LazyLock::new(|| std::env::var({VARIANT:?}).unwrap_or_default());\n"
    );
    let items: Vec<_> = items(start).map(code).collect();
    for item in &items {
        made.push('\n');
        made += &match Kind::of(item, &items) {
            Kind::Function => {
                let header = header(item)?;
                let signature = Signature::of(&header)?;
                let arms =
                    variants.iter().map(|name| (format!("{name:?}"), signature.call(&format!("{}::", path(name)))));
                matching(&header, "CHOSEN.as_str()", arms, "other => panic!(\"there is no variant `{other}`\"),\n")
            }
            Kind::Type(name) => wrapper(item, name, variants)?,
            Kind::Methods(name) => methods(item, name, variants)?,
            Kind::Data(_) | Kind::Other => item.clone() + "\n",
        };
    }
    Some(made)
}

/// The text of a variant in such a program. All variants share the data types, because the checks look into them.
pub(crate) fn variant(answer: &str, start: &str) -> Option<String> {
    let (of_start, mut text): (Vec<_>, _) = (items(start).map(code).collect(), answer.to_owned());
    for item in &of_start {
        let Kind::Data(name) = Kind::of(item, &of_start) else { continue };
        let own = items(answer).find(|own| code(own) == *item)?;
        // Keeps the line numbers of what follows.
        let shared = format!("pub use super::answer::{name};{}", "\n".repeat(own.matches('\n').count()));
        text = text.replacen(own, &shared, 1);
    }
    Some(text)
}

/// The name of the module of a variant, and its path from the module `answer`.
pub(crate) fn room(variant: &str) -> String {
    format!("variant_{variant}")
}

fn path(variant: &str) -> String {
    format!("super::{}", room(variant))
}

enum Kind<'a> {
    Function,
    /// A type with methods: each variant has its own.
    Type(&'a str),
    Methods(&'a str),
    /// A type that consists only of its fields.
    Data(&'a str),
    Other,
}

impl<'a> Kind<'a> {
    fn of(item: &'a str, all: &[String]) -> Self {
        fn methods_of(item: &str) -> Option<&str> {
            Some(ident(after_brackets(item.strip_prefix("impl")?)?))
        }
        let code = item.lines().find(|line| !line.starts_with("#[")).unwrap_or_default();
        if code.starts_with("pub fn ") || code.starts_with("pub async fn ") {
            return Self::Function;
        }
        if let Some(name) = methods_of(item) {
            return Self::Methods(name);
        }
        match code.strip_prefix("pub struct ").or(code.strip_prefix("pub enum ")).map(ident) {
            Some(name) if all.iter().any(|other| methods_of(other) == Some(name)) => Self::Type(name),
            Some(name) => Self::Data(name),
            None => Self::Other,
        }
    }
}

/// The parts of a function's signature that a call needs.
struct Signature<'a> {
    name: &'a str,
    arguments: String,
    is_async: bool,
    receiver: bool,
    output: &'a str,
}

impl<'a> Signature<'a> {
    fn of(header: &'a str) -> Option<Self> {
        let (before, rest) = header.split_once("fn ")?;
        let name = ident(rest);
        let rest = &rest[name.len()..];
        let rest = if rest.starts_with('<') { after_brackets(rest)? } else { rest };
        let output = after_brackets(rest)?;
        let mut parts = parts(&rest[1..rest.len() - output.len() - 1]);
        let receiver = parts.first().is_some_and(|part| part.ends_with("self"));
        if receiver {
            parts.remove(0);
        }
        let name_of = |part: &str| Some(part.split_once(": ")?.0.trim_start_matches("mut ").to_owned());
        let arguments: Option<Vec<_>> = parts.into_iter().map(name_of).collect();
        let output = output.split(" where ").next()?.trim_start_matches(" -> ");
        Some(Self { name, arguments: arguments?.join(", "), is_async: before.contains("async "), receiver, output })
    }

    fn call(&self, on: &str) -> String {
        let call = format!("{on}{}({})", self.name, self.arguments);
        if self.is_async { format!("Box::pin({call}).await") } else { call }
    }
}

/// An enum with one case for each variant's type.
fn wrapper(item: &str, name: &str, variants: &[&str]) -> Option<String> {
    let header = header(item)?;
    let generics = header.split_once(name)?.1;
    let rest = after_brackets(generics)?;
    let generics = &generics[..generics.len() - rest.len()];
    let names = parts(generics.trim_start_matches('<').trim_end_matches('>'));
    let names: Vec<_> = names.iter().map(|name| name.split(':').next().unwrap_or_default()).collect();
    let mut made = format!("pub enum {name}{generics}{rest} {{\n");
    for variant in variants {
        // Writing to a String cannot fail.
        let _ = writeln!(made, "    {}({}::{name}<{}>),", room(variant), path(variant), names.join(", "));
    }
    Some(made + "}\n")
}

/// The methods of that enum.
fn methods(item: &str, name: &str, variants: &[&str]) -> Option<String> {
    let (before, body) = item.split_once(" {\n")?;
    if before.contains(" for ") {
        return None;
    }
    let body = body.strip_suffix("}")?.replace("\n    ", "\n");
    let mut made = format!("{before} {{\n");
    for method in items(body.trim_start()).filter(|method| method.starts_with("pub ")) {
        let header = header(method)?;
        let signature = Signature::of(&header)?;
        let makes_one = ["Self", name].contains(&signature.output);
        if !signature.receiver && !makes_one {
            return None;
        }
        made += &if signature.receiver {
            let arms = variants.iter().map(|name| (format!("Self::{}(it)", room(name)), signature.call("it.")));
            matching(&header, "self", arms, "")
        } else {
            let arms = variants.iter().map(|variant| {
                let made = signature.call(&format!("{}::{name}::", path(variant)));
                (format!("{variant:?}"), format!("Self::{}({made})", room(variant)))
            });
            matching(&header, "CHOSEN.as_str()", arms, "other => panic!(\"there is no variant `{other}`\"),\n")
        };
    }
    Some(made + "}\n")
}

/// A function with this header, whose body is a `match`.
fn matching(header: &str, value: &str, arms: impl Iterator<Item = (String, String)>, last: &str) -> String {
    let arms = arms.map(|(pattern, call)| pattern + " => " + &call + ",\n").collect::<String>();
    format!("{header} {{\nmatch {value} {{\n{arms}{last}}}\n}}\n")
}

/// The items of a formatted text, each from its first to its last line of code.
fn items(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        while rest.starts_with("//") || rest.starts_with('\n') {
            rest = rest.split_once('\n')?.1;
        }
        let mut end = 0;
        for line in rest.split_inclusive('\n') {
            end += line.len();
            if !line.starts_with([' ', '#', '/']) && line.trim_end().ends_with(['}', ';']) {
                break;
            }
        }
        let (item, others) = rest.split_at(end);
        rest = others;
        (!item.trim().is_empty()).then(|| item.trim_end())
    })
}

/// An item without its comments.
fn code(item: &str) -> String {
    item.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// An item up to the brace that begins its body, in one line.
fn header(item: &str) -> Option<String> {
    let lines: Vec<_> = item.lines().collect();
    let last = lines.iter().position(|line| line.ends_with('{'))?;
    let header = lines[..=last].iter().map(|line| line.trim().to_owned() + " ").collect::<String>();
    // A space that was a line break in the text is not needed in one line.
    Some(header.trim_end_matches(" { ").replace("( ", "(").replace(", )", ")"))
}

/// The name at the beginning of a text.
fn ident(text: &str) -> &str {
    let text = text.trim_start();
    text.split(|character: char| !character.is_alphanumeric() && character != '_').next().unwrap_or_default()
}

/// What follows the brackets at the beginning of a text, if it begins with brackets.
fn after_brackets(text: &str) -> Option<&str> {
    let mut depth = 0;
    for (at, character) in text.char_indices() {
        match character {
            '<' | '(' | '[' => depth += 1,
            '>' if text[..at].ends_with(['-', '=']) => {}
            '>' | ')' | ']' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(if at == 0 { text } else { &text[at + 1..] });
        }
    }
    text.is_empty().then_some(text)
}

/// The parts of a list: splits it at the commas outside of brackets.
fn parts(text: &str) -> Vec<&str> {
    let (mut parts, mut from, mut depth) = (Vec::new(), 0, 0);
    for (at, character) in text.char_indices() {
        match character {
            '<' | '(' | '[' => depth += 1,
            '>' if text[..at].ends_with(['-', '=']) => {}
            '>' | ')' | ']' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(text[from..at].trim());
                from = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text[from..].trim());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::{module, variant};

    #[test]
    fn a_call_goes_to_the_variant_of_that_name() {
        let start = "//! Words.\n\nuse exam::Service;\n\n/// Asks.\npub async fn ask<F: Fn(u32) -> (u8, u8)>(\n    mut service: Service,\n    each: impl FnMut(u32, Vec<u8>) -> u8,\n    f: F,\n) -> Result<String, u8>\nwhere\n    F: Send,\n{\n    todo!()\n}\n";
        let made = module(start, &["start", "late"]).unwrap();
        assert!(made.contains("\nuse exam::Service;\n"), "{made}");
        assert!(made.contains("pub async fn ask<F: Fn(u32) -> (u8, u8)>(mut service: Service, each: impl FnMut(u32, Vec<u8>) -> u8, f: F) -> Result<String, u8> where F: Send, {\n"), "{made}");
        assert!(made.contains("\"late\" => Box::pin(super::variant_late::ask(service, each, f)).await,\n"), "{made}");
    }

    #[test]
    fn a_type_with_methods_wraps_the_types_of_the_variants() {
        let start = "pub struct Reader<R: Read> {\n    reader: R,\n}\n\nimpl<R: Read> Reader<R> {\n    /// New.\n    pub fn new(reader: R) -> Self {\n        Self { reader }\n    }\n\n    pub async fn next(&mut self, most: usize) -> u8 {\n        todo!()\n    }\n}\n";
        let made = module(start, &["a", "b"]).unwrap();
        for line in [
            "pub enum Reader<R: Read> {",
            "    variant_b(super::variant_b::Reader<R>),",
            "impl<R: Read> Reader<R> {",
            "\"a\" => Self::variant_a(super::variant_a::Reader::new(reader)),",
            "Self::variant_b(it) => Box::pin(it.next(most)).await,",
        ] {
            assert!(made.lines().any(|other| other == line), "{line}\n{made}");
        }
    }

    #[test]
    fn a_data_type_is_shared_and_a_variant_with_another_one_does_not_fit() {
        let start = "/// Why.\n#[derive(Debug)]\npub enum Refused {\n    /// Full.\n    Full(String),\n    Lost,\n}\n\npub fn ask() -> Refused {\n    todo!()\n}\n";
        assert!(module(start, &["a"]).unwrap().contains("#[derive(Debug)]\npub enum Refused {\n    Full(String),\n"));
        let answer = "//! A mistake.\n\n#[derive(Debug)]\npub enum Refused {\n    Full(String),\n    Lost,\n}\n\npub fn ask() -> Refused {\n    Refused::Lost\n}\n";
        let text = variant(answer, start).unwrap();
        assert!(text.contains("\npub use super::answer::Refused;\n"), "{text}");
        assert_eq!(
            text.lines().position(|line| line.contains("ask()")),
            answer.lines().position(|line| line.contains("ask()"))
        );
        assert!(variant(&answer.replace("    Lost,\n", ""), start).is_none());
    }
}
