//! The checks of `locks/transfer`.

use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use exam::{Call, Exam, Judgement, LaneExt, Reply, Run, Service, fault, ms, unless_it_panics};
use futures::future::join_all;
use tokio::sync::Mutex;
use tokio::time::{sleep, timeout};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
pub mod given;
#[allow(unreachable_pub)]
mod solution;

use given::{Account, Book, Refused};

type Order = (Account, Account, u64);
type Transfer = Call<Order, Result<(), Refused>>;

/// What each transfer returned, and the balances at the end.
type Seen = (Vec<String>, Vec<u64>);

/// An order: from this place in the list of accounts to that one, and how much.
type Orders<'a> = &'a [(usize, usize, u64)];

const PATIENT: Duration = Duration::MAX;
const BOTH_WAYS: Orders<'_> = &[(0, 1, 30), (1, 0, 10)];

fn main() -> ExitCode {
    let exam = Exam::new(
        "locks/transfer",
        async |(from, to, amount)| solution::transfer(from, to, amount).await,
        async |(from, to, amount)| answer::transfer(from, to, amount).await,
    )
    .check("transfers the money", async |transfer| play(transfer, &good(2), &[(1, 0, 100)], PATIENT).await, |mine, possible| {
        is_right(mine, possible, "Each account starts with 100.")
    })
    .check("refuses what the account does not have", async |transfer| play(transfer, &good(2), &[(0, 1, 101), (0, 1, 0), (0, 1, u64::MAX - 200)], PATIENT).await, |mine, possible| {
        is_right(mine, possible, "The account has 100, and it may transfer 0. No amount is too large to be refused. Check the balance while you hold the lock, before the first write.")
    })
    .check("ends when transfers go both ways at once", async |transfer| play(transfer, &good(2), BOTH_WAYS, PATIENT).await, |_, _| Ok(()))
    .if_it_never_ends(
        "One transfer holds account 1 and waits for account 2, the other one holds account 2 and waits for account 1. \
         If all transfers take the locks in the same order, this cannot happen.",
    )
    .check("counts every transfer", async |transfer| {
        play(transfer, &good(3), &[(0, 1, 30), (1, 0, 10), (0, 2, 30), (2, 1, 5), (0, 1, 20)], PATIENT).await
    }, |mine, possible| {
        is_right(mine, possible, "Five transfers run at the same time. If another transfer writes between your read and your write, your balance is out of date. Keep the lock from the read to the write.")
    })
    .check("does not block other accounts", async |transfer| {
        let orders: Vec<_> = (0..600).map(|pair| (2 * pair, 2 * pair + 1, 10)).collect();
        play(transfer, &good(1_200), &orders, PATIENT).await
    }, |mine, possible| {
        const WHY: &str = "These 600 transfers have no account in common, so no transfer needs to wait for another one.";
        mine.made_all_calls_at_once(possible, "account", WHY)?;
        mine.as_quick_as(possible, WHY)
    })
    .check("sets no time limit", async |transfer| {
        let [quick, slow, rich] = [300, 780_000, 310].map(|takes| Reply::ok(ms(takes), ""));
        let accounts = [account(1, 100, quick), account(2, 100, slow), account(3, 7_000_000_019, rich)];
        play(transfer, &accounts, &[(1, 2, 30), (0, 1, 5), (2, 1, 7), (1, 2, 8)], PATIENT).await
    }, |mine, possible| is_right(mine, possible, "A write takes 13 minutes, and the other transfers wait for its lock. The caller decides how long is too long. A balance is a `u64`."))
    .check("accepts a transfer from an account to itself", async |transfer| play(transfer, &good(1), &[(0, 0, 10), (0, 0, 101)], PATIENT).await, |mine, possible| {
        is_right(mine, possible, "A transfer from an account to itself changes nothing, whatever the amount.")
    })
    .if_it_never_ends("Your transfer already holds this lock, and waits for it again. You cannot lock a lock of Tokio twice.");
    with_what_goes_wrong(exam).verdict()
}

fn with_what_goes_wrong(exam: Exam<Order, Result<(), Refused>>) -> Exam<Order, Result<(), Refused>> {
    const BACK: &str = "A write was refused, and both accounts must be as they were before. Write the old balance back while you still hold both locks.";
    exam.check(
        "changes nothing when a write is refused",
        async |transfer| {
            let (mut said, mut balances) = (Vec::new(), Vec::new());
            // In both directions, once the write of account 2 fails, and once the write of account 1.
            for order in [(0, 1, 30), (1, 0, 30)] {
                for closed in [closed(2), closed(1)] {
                    let seen = play(Transfer::clone(&transfer), &closed, &[order], PATIENT).await;
                    said.extend(seen.0);
                    balances.extend(seen.1);
                }
            }
            (said, balances)
        },
        |mine, possible| is_right(mine, possible, BACK),
    )
    .check("shows every auditor all of the money", async |transfer| {
        let mut sums = Vec::new();
        for accounts in [good(2), closed(2)] {
            sums.extend(audited(Transfer::clone(&transfer), &accounts).await);
        }
        sums
    }, |mine, _| {
        match mine.output.iter().find(|sum| **sum != 200) {
            None => Ok(()),
            Some(sum) => fault(
                format!("An auditor held both locks and added up {sum}, where 200 is right."),
                "Between the two writes, the money is in neither account, so no auditor may get a lock then. Hold both locks from the first write to the last.",
            ),
        }
    })
    .if_it_never_ends("The auditor holds account 1 and waits for account 2. Your transfer holds account 2 and waits for account 1. Lock the smallest number first.")
    .check(
        "loses no money when the caller gives up",
        async |transfer| {
            let mut sums = Vec::new();
            for (patience, accounts) in [10, 30, 100, 350, 400, 600, 700, 800].into_iter().flat_map(|at| [(at, good(2)), (at, closed(2))]) {
                let (_, balances) = play(Transfer::clone(&transfer), &accounts, &[(0, 1, 30)], ms(patience)).await;
                sums.push(balances.iter().sum::<u64>());
            }
            sums
        },
        |mine, _| match mine.output.iter().find(|sum| **sum != 200) {
            None => Ok(()),
            Some(sum) => fault(
                format!("A caller gave up during a write, and two seconds later both accounts had {sum} together, where 200 is right."),
                "A dropped future stops at its await, and its guards are dropped. A task goes on if no code aborts it. Move the guards and both writes into a task.",
            ),
        },
    )
    .check("passes on that a write panicked", async |transfer| {
        let torn = |number| account(number, 100, Reply::panics(ms(300), "is torn"));
        let whole = |number| account(number, 100, Reply::ok(ms(300), ""));
        let at_the_second = unless_it_panics(transfer((whole(1), torn(2), 30))).await;
        let at_the_first = unless_it_panics(transfer((torn(3), whole(4), 30))).await;
        at_the_second.or(at_the_first)
    }, |mine, _| mine.hides_no_panic(|said| Some(if said.is_ok() { "`Ok`" } else { "an error" }.to_owned())))
}

fn account(number: usize, balance: u64, write: Reply) -> Account {
    let pen = Service::new(&format!("account {number}"), write);
    Account { number, book: Arc::new(Mutex::new(Book { balance, pen })) }
}

/// This many accounts with 100 each, whose writes take 300 ms.
fn good(count: usize) -> Vec<Account> {
    (1..=count).map(|number| account(number, 100, Reply::ok(ms(300), ""))).collect()
}

/// Two accounts with 100 each. The first write of one of them fails, and no other.
fn closed(number: usize) -> Vec<Account> {
    let mut accounts = good(2);
    let pen = Service::new(&format!("account {number}"), Reply::err(ms(300), "is closed")).then(Reply::ok(ms(300), ""));
    accounts[number - 1].book = Arc::new(Mutex::new(Book { balance: 100, pen }));
    accounts
}

fn order(
    transfer: &Transfer,
    accounts: &[Account],
    (from, to, amount): (usize, usize, u64),
) -> impl Future<Output = Result<(), Refused>> + use<> {
    let name = format!("{amount} from {} to {}", accounts[from].number, accounts[to].number);
    transfer((accounts[from].clone(), accounts[to].clone(), amount)).try_lane(name)
}

/// Runs all transfers at the same time. If a caller has given up, the rest of the program goes on for a while.
async fn play(transfer: Transfer, accounts: &[Account], orders: Orders<'_>, patience: Duration) -> Seen {
    let said = join_all(orders.iter().map(|one| timeout(patience, order(&transfer, accounts, *one)))).await;
    if said.iter().any(Result::is_err) {
        sleep(ms(2_000)).lane("the program goes on").await;
    }
    let words = said.into_iter().map(|said| match said {
        Ok(Ok(())) => "`Ok`".to_owned(),
        Ok(Err(Refused::TooLittle)) => "`TooLittle`".to_owned(),
        Ok(Err(Refused::Write(failure))) => format!("`{failure}`"),
        Err(_gave_up) => "nothing".to_owned(),
    });
    let words = words.collect();
    (words, join_all(accounts.iter().map(async |account| account.book.lock().await.balance)).await)
}

/// Transfers both ways, and the sums that auditors find at the same time.
async fn audited(transfer: Transfer, accounts: &[Account]) -> Vec<u64> {
    let audits = async {
        let mut sums = Vec::new();
        for _ in 0..12 {
            let audit = async {
                let first = accounts[0].book.lock().await;
                sleep(ms(20)).await;
                first.balance + accounts[1].book.lock().await.balance
            };
            sums.push(audit.lane("audit").await);
            sleep(ms(50)).await;
        }
        sums
    };
    let transfers = join_all(BOTH_WAYS.iter().map(|one| order(&transfer, accounts, *one)));
    futures::join!(audits, transfers).0
}

fn is_right(mine: &Run<Seen>, possible: &Run<Seen>, why: &str) -> Judgement {
    let words = |(said, balances): &Seen| format!("{}, with the balances {balances:?}", said.join(", "));
    mine.returns_what_is_right(possible, words, why)
}
