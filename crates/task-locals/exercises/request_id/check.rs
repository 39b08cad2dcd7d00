//! The checks of `task-locals/request_id`.

use std::process::ExitCode;

use exam::{Exam, Judgement, Run, fault};

#[allow(missing_docs, unused_variables, dead_code, unreachable_pub, clippy::all, clippy::pedantic, clippy::restriction)]
mod answer;
mod scenes;
#[allow(unreachable_pub)]
mod solution;

use scenes::{
    Ids, Log, aborted, alone, dropped, ended, logged, moved, nested, one_task, outside, panics, spawned, two_tasks,
    two_thousand, two_threads,
};

const POSSIBLE: Ids = Ids {
    with_id: |id, work| Box::pin(solution::with_id(id, work)),
    current_id: solution::current_id,
    spawn: solution::spawn,
};

const MINE: Ids = Ids {
    with_id: |id, work| Box::pin(answer::with_id(id, work)),
    current_id: answer::current_id,
    spawn: answer::spawn,
};

fn main() -> ExitCode {
    Exam::new("task-locals/request_id", async |()| POSSIBLE, async |()| MINE)
        .check("has the id before and after an await", async |ids| logged(ids, alone).await, right("All code inside `with_id` has the id whenever the future `work` is polled, in the body of `main` and in a task."))
        .check("keeps two requests apart", async |ids| logged(ids, two_tasks).await, right("While one request waits, the other runs on the same thread. A variable of the thread or of the program holds only one id. Set the id at each poll of `work`, and remove it after the poll."))
        .check("keeps two requests of one task apart", async |ids| logged(ids, one_task).await, right("Both requests are polled by one task, in a `join!`. They share everything that belongs to the task. Keep the id with the future."))
        .check("has the inner id, and then the outer id again", async |ids| logged(ids, nested).await, right("A payment is a request inside the request, with its own id. After the payment, the outer id counts again, even if the payment was cancelled."))
        .check("keeps its id wherever it is polled", async |ids| logged(ids, moved).await, right("A payment begins in one request, and goes on in another one. Its own id stays, and after each poll the id of the code around it counts again. So read the outer id at each poll."))
        .check("keeps two thousand requests apart", async |ids| logged(ids, two_thousand).await, right("2,000 requests are under way at the same time, and each has its own id."))
        .check("passes the id on to spawned tasks", async |ids| logged(ids, spawned).await, right("A task begins outside of every scope. Read the id of the innermost `with_id` in `spawn`, before the task exists, and put the future that you spawn into a scope."))
        .check("keeps two requests of two threads apart", async |ids| logged(ids, two_threads).await, right("Two threads poll two requests at the same moment. They share everything that belongs to the program. An id may be any `u64`, inside any number of other ids."))
        .check("has no id outside of a request", async |ids| logged(ids, |server| async move { outside(server.clone()).await; ended(tokio::spawn(outside(server))).await }).await, right("Outside of any `with_id`, and after one that was cancelled, `current_id` is `None`, and `spawn` spawns a task without an id. So it is in the body of `main`, and in a task."))
        .check("has the id in a `Drop` of the request", async |ids| logged(ids, dropped).await, right("A cancelled request is dropped without a poll. Then what it owns is dropped, and a `Drop` may write a line. A request that has ended may also own something until it is dropped. `scope` sets the value in both cases."))
        .check("has the outer id again after a panic", async |ids| logged(ids, panics).await, right("The payment panics, and the request catches the panic. Restore the outer value in a `Drop`, or let `scope` do it."))
        .check("spawns tasks that an abort stops", async |ids| logged(ids, aborted).await, right("Return the handle of the task that runs `work`. If the abort only stops another task that waits for it, `work` keeps running."))
        .verdict()
}

/// Whether every line has the id that it has with the solution.
fn right(why: &'static str) -> impl Fn(&Run<Log>, &Run<Log>) -> Judgement {
    move |mine, possible| match possible.output.iter().zip(&mine.output).find(|(right, line)| right != line) {
        Some((right, line)) => fault(format!("The log has the line `{line}`, where `{right}` is right."), why),
        None if mine.output.len() < possible.output.len() => {
            fault(format!("The log lacks the line `{}`.", possible.output[mine.output.len()]), why)
        }
        None => Ok(()),
    }
}
