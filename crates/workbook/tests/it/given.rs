//! The types for an answer, and what the checks play, may be in files beside `check.rs`.

use crate::desk::{Desk, SOLUTION, START};

const ROOM: &str = "crates/demo/exercises/ask_all";

const GIVEN: &str = "\
//! What an answer of `demo/ask_all` is given.

use exam::{Failure, Service};

/// A caller of services.
#[derive(Clone, Debug)]
pub struct Caller;

impl Caller {
    /// Asks.
    ///
    /// # Errors
    ///
    /// What the service says.
    ///
    /// # Panics
    ///
    /// Never: its task does.
    pub async fn ask(&self, service: Service) -> Result<String, Failure> {
        let ringing = tokio::spawn(async { panic!(\"nobody heard it ring\") });
        let _ = ringing.await;
        service.ask().await
    }
}
";

const SCENES: &str = "\
//! What the checks of `demo/ask_all` play.

use exam::{Reply, Service, ms};

pub(super) fn services() -> Vec<Service> {
    vec![Service::new(\"slow\", Reply::ok(ms(300), \"a\")), Service::new(\"quick\", Reply::ok(ms(200), \"b\"))]
}
";

/// The solution asks through the given caller.
fn solution() -> String {
    SOLUTION
        .replace("join_all;\n", "join_all;\n\nuse super::given::Caller;\n")
        .replace("services.iter().map(Service::ask)", "services.into_iter().map(|service| Caller.ask(service))")
}

/// The desk, with files beside `check.rs`.
fn desk() -> Desk {
    let desk = Desk::new();
    let check = desk.read(&format!("{ROOM}/check.rs")).replace("Reply, Service, fault, ms", "fault");
    let check = check.replace("mod answer;\n", "mod answer;\npub mod given;\nmod scenes;\n");
    let check = check.replace("\nfn main", "\nuse scenes::services;\n\nfn main");
    let check = check.split("\nfn services").next().unwrap().to_owned();
    desk.write(&format!("{ROOM}/check.rs"), &check);
    desk.write(&format!("{ROOM}/given.rs"), GIVEN);
    desk.write(&format!("{ROOM}/scenes.rs"), SCENES);
    desk.write(&format!("{ROOM}/solution.rs"), &solution());
    desk.workbook(&["seal"]).succeeds();
    desk
}

#[test]
fn files_beside_the_checks_are_sealed() {
    let desk = desk();
    desk.answer(&solution());
    desk.workbook(&["try", "demo"]).succeeds();
    desk.answer(START);
    for (file, text) in [("given.rs", GIVEN), ("scenes.rs", SCENES)] {
        desk.body("Vec::new()");
        desk.write(&format!("{ROOM}/{file}"), &(text.to_owned() + "// Mine.\n"));
        desk.fails(&["Files that belong to the exercise were edited", &format!("git restore {ROOM}/{file}")]);
        std::fs::remove_file(desk.root.join(ROOM).join(file)).unwrap();
        desk.fails(&["Files that belong to the exercise were edited", &format!("git restore {ROOM}/{file}")]);
        desk.write(&format!("{ROOM}/{file}"), text);
    }
}

#[test]
fn a_compile_error_in_given_rs_gets_the_command_to_reset() {
    let desk = desk();
    let again = "impl Clone for super::given::Caller {\n    fn clone(&self) -> Self {\n        Self\n    }\n}\n";
    desk.answer(&(START.replace("todo!()", "Vec::new()") + "\n" + again));
    desk.fails(&[
        "conflicting implementations",
        "has to keep its name and its types",
        "cargo workbook reset demo/ask_all",
    ]);
}

#[test]
fn a_panic_in_given_rs_does_not_count_as_the_answers() {
    let desk = desk();
    desk.body("super::given::Caller.ask(services[0].clone()).await; Vec::new()");
    let said = desk.fails(&["✗ returns all results"]);
    assert!(!said.text.contains("A task panicked"), "{}", said.text);
}

#[test]
fn an_exercise_of_several_files_is_verified() {
    let desk = desk();
    let mistake = |name: &str, check: &str, body: &str| {
        let text = START.replace("use exam", &format!("//! A mistake.\n//!\n//! Caught by: {check}\n\nuse exam"));
        desk.write(&format!("{ROOM}/mistakes/{name}.rs"), &text.replace("todo!()", body));
    };
    let one_by_one = "let mut all = Vec::new();\n    for service in services {\n        all.push(super::given::Caller.ask(service).await);\n    }\n    all";
    mistake("one_by_one", "asks all at once", one_by_one);
    mistake("nothing", "returns all results", "Vec::new()");
    mistake("panics", "asks all at once", "panic!(\"it never worked\")");
    // Does not fit in with the others, and gets a separate program.
    mistake("alone", "returns all results", "Vec::new()");
    let alone = desk.read(&format!("{ROOM}/mistakes/alone.rs")).replace("pub async fn", "pub fn");
    let future = "-> impl Future<Output = Vec<Result<String, Failure>>> + use<>";
    let alone = alone.replace("-> Vec<Result<String, Failure>>", future).replace("Vec::new()", "async { Vec::new() }");
    desk.write(&format!("{ROOM}/mistakes/alone.rs"), &alone);
    let readme = desk.read(&format!("{ROOM}/README.md"));
    let named = readme.replace("Ask them all.", "Ask them all. The type `Caller` is in `given.rs`.");
    desk.write(&format!("{ROOM}/README.md"), &named);
    let said = desk.workbook(&["verify"]);
    said.has(&["✓ demo/ask_all: 2 checks, 4 mistakes", "6 cases in"]);
    said.succeeds();

    desk.write(&format!("{ROOM}/README.md"), &readme);
    let given = GIVEN.replace("(&self, service", "( &self, service") + &"// One more line.\n".repeat(250);
    desk.write(&format!("{ROOM}/given.rs"), &given);
    for file in ["start.rs", "answer.rs"] {
        let text = START.replace("use exam", "use super::services;\nuse exam");
        desk.write(&format!("{ROOM}/{file}"), &text);
    }
    let said = desk.workbook(&["verify"]);
    assert_eq!(said.code, Some(1), "{}", said.text);
    said.has(&["seal.txt is not up to date", "rustfmt: Diff in"]);
    said.has(&[
        "lines, where 250 are the limit",
        "start.rs imports from check.rs",
        "does not say what is in `given.rs`",
    ]);
}
