//! The checks of `gather/all_or_nothing`.

use std::process::ExitCode;

use exam::{Exam, Failure, LaneExt, Reply, Service, fault, ms, seconds_apart};
use tokio::time::sleep;

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
#[allow(unreachable_pub)]
mod solution;

type Answers = Result<Vec<String>, Failure>;

fn main() -> ExitCode {
    let exam = Exam::new("gather/all_or_nothing", solution::all_or_nothing, answer::all_or_nothing)
        .check(
            "asks all services at once",
            async |all_or_nothing| all_or_nothing(numbers()).await,
            |mine, possible| {
                mine.made_the_calls_of(possible, "Ask each service once.")?;
                mine.as_quick_as(
                    possible,
                    "A future does nothing until it is polled: `.await` in a loop asks the second service when the first has answered.",
                )
            },
        )
        .check(
            "returns the answers in the order of the services",
            async |all_or_nothing| all_or_nothing(numbers()).await,
            |mine, possible| {
                mine.returns_what_is_right(
                    possible,
                    words,
                    "The first service is the slowest here. If you get results as they come, they have lost their places. Return each call's number with its result.",
                )?;
                mine.leaves_nothing_running("All services have answered, and this task still runs. End it, or do not start it.")
            },
        )
        .check_each(
            "returns at the first failure",
            [two_broken, broken_late],
            |mine, possible| {
                if mine.took() > possible.took() {
                    let (noticed, failed) = seconds_apart(mine.took(), possible.took());
                    return fault(
                        format!("A service failed at {failed}, and your answer returned at {noticed}."),
                        "If you wait for all results, or for one handle after the other, you notice a failure late.",
                    );
                }
                mine.returns_what_is_right(possible, words, "Two services fail. Return the failure that came first.")
            },
        )
        .check(
            "leaves nothing running after a failure",
            async |all_or_nothing| {
                let answers = all_or_nothing(two_broken()).await;
                sleep(ms(250)).lane("the caller goes on").await;
                answers
            },
            |mine, _| {
                mine.leaves_nothing_running(
                    "If you drop a `JoinHandle`, its task does not stop. It is detached and has no owner. \
                     Calls that your own future holds end with it, and the tasks of a `JoinSet` end with the set.",
                )
            },
        );
    with_other_services(exam).verdict()
}

fn with_other_services(exam: Exam<Vec<Service>, Answers>) -> Exam<Vec<Service>, Answers> {
    exam.check_each("does the same with a thousand services", [thousand], |mine, possible| {
        if mine.took() > possible.took() {
            let (noticed, failed) = seconds_apart(mine.took(), possible.took());
            return fault(
                format!("Service 1090 of {MANY} failed at {failed}, and your answer returned at {noticed}."),
                "With more than 30 futures, `try_join_all` checks the results in the order of the inputs. \
                 An early failure waits for every slower call before it. With a limit, the failing service is not even asked yet.",
            );
        }
        mine.returns_what_is_right(possible, words, "With a thousand services your answer returned something else.")?;
        mine.leaves_nothing_running("Nothing may keep running after you return, however many services there are.")
    })
    .check_each("returns the answers of a thousand services", [thousand_good], |mine, possible| {
        const WHY: &str = "Ask all of them at once, and return their answers in the order of the services. As texts, numbers have another order: 10 comes before 9.";
        mine.as_quick_as(possible, WHY)?;
        if mine.output == possible.output { Ok(()) } else { fault("All of a thousand services answered, and your list has other answers, or another order.", WHY) }
    })
    .check_each("keeps an empty answer, a late one, and those of replicas", [odd, Vec::new], |mine, possible| {
        mine.returns_what_is_right(
            possible,
            words,
            "Return each answer unchanged, with its blanks, even if it is empty or takes fifty minutes. \
             Your caller decides how long is too long. Replicas have the same name, so store answers by their place in the list.",
        )
    })
    .if_it_never_ends("Here the list of services is empty. Return an empty list of answers. If you wait for a first result, you wait for ever.")
    .passes_on_a_panic([one_panics, one_panics_and_one_fails, one_panics_late], |answers| Some(words(answers)))
    .stops_with_its_caller(
        [(0, numbers), (150, numbers), (650, numbers)],
        "A timeout drops your future in the middle, and no line of yours runs then: so an `abort` that you call after a failure never happens. \
         Let an owner hold the tasks, such as a `JoinSet`: it aborts them when it is dropped. Or spawn no tasks.",
    )
}

/// The order of completion is neither the order of the services nor its reverse.
fn numbers() -> Vec<Service> {
    let service = |name, after, text| Service::new(name, Reply::ok(ms(after), text));
    vec![service("sales", 900, "120"), service("returns", 200, "7"), service("visitors", 600, "4000")]
}

/// The first failure in time is not the first in the list.
fn two_broken() -> Vec<Service> {
    let mut services = numbers();
    services.insert(1, Service::new("taxes", Reply::err(ms(700), "are due")));
    services.insert(2, Service::new("costs", Reply::err(ms(300), "are unknown")));
    services
}

/// It would answer a second call.
fn one_panics() -> Vec<Service> {
    let mut services = numbers();
    let stock = Service::new("stock", Reply::panics(ms(400), "counts below zero"));
    services.insert(1, stock.then(Reply::ok(ms(100), "3")));
    services
}

/// The panic comes first.
fn one_panics_and_one_fails() -> Vec<Service> {
    let mut services = one_panics();
    services.push(Service::new("taxes", Reply::err(ms(700), "are due")));
    services
}

/// All others have answered before.
fn one_panics_late() -> Vec<Service> {
    let mut services = numbers();
    services.push(Service::new("stock", Reply::panics(ms(1_100), "counts below zero")));
    services
}

/// Most have answered before the failure, and one is still slow.
fn broken_late() -> Vec<Service> {
    let mut services = numbers();
    services.push(Service::new("taxes", Reply::err(ms(1_100), "are due")));
    services.insert(0, Service::new("forecast", Reply::ok(ms(2_300), "rain")));
    services
}

fn odd() -> Vec<Service> {
    let mut services = numbers();
    services.insert(1, Service::new("visitors", Reply::ok(ms(3_000_000), "5000")));
    services.insert(2, Service::new("remarks", Reply::ok(ms(400), "")));
    services.push(Service::new("text", Reply::ok(ms(500), " a good year ")));
    services
}

/// More than the limits that answers set.
const MANY: u64 = 1_100;

/// The one that fails is late in the list.
fn thousand() -> Vec<Service> {
    let mut services = thousand_good();
    services[1_089] = Service::new("service 1090", Reply::err(ms(100), "is down"));
    services
}

fn thousand_good() -> Vec<Service> {
    let reply = |number: u64| Reply::ok(ms(600 + 10 * (7 * number % 101)), number.to_string());
    (1..=MANY).map(|number| Service::new(&format!("service {number}"), reply(number))).collect()
}

fn words(answers: &Answers) -> String {
    match answers {
        Ok(answers) if answers.is_empty() => "no answers".to_owned(),
        Ok(answers) if answers.len() > 9 => format!("{} answers", answers.len()),
        Ok(answers) => format!("`{}`", answers.join("`, `")),
        Err(failure) => format!("the failure `{failure}`"),
    }
}
