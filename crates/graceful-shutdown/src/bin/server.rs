//! A server that shuts down without losing work: `cargo run -p graceful-shutdown --bin server`.
//! Send it a number, and it works for that many milliseconds. Send it a word, and it tells you whether it is ready.

use std::{env, io, process::ExitCode, sync::Arc, time::Duration};

use tokio::io::{AsyncWriteExt, BufWriter, stdout};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot};
use tokio::{runtime::Runtime, time::sleep, time::timeout};
use tokio_stream::StreamExt;
use tokio_util::codec::{FramedRead, LinesCodec};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

const LONGEST_LINE: usize = 1_000; // In bytes. A client that sends a longer one is sent away.

fn main() -> io::Result<ExitCode> {
    let runtime = Runtime::new()?;
    let code = runtime.block_on(run());
    runtime.shutdown_timeout(Duration::from_secs(1)); // `#[tokio::main]` waits for blocking closures without a limit.
    code.map(ExitCode::from)
}

async fn run() -> io::Result<u8> {
    let mut numbers = env::args().skip(1).filter_map(|number| number.parse().ok());
    let defaults: [u32; _] = [7878, 2_000, 10_000, 500];
    let [port, notice, grace, clients] = defaults.map(|default| numbers.next().unwrap_or(default));
    let mut signals = signals()?; // Before the first client comes.
    let listener = TcpListener::bind(format!("127.0.0.1:{port}")).await?;
    eprintln!("listening on {}", listener.local_addr()?);
    let (journal, lines) = mpsc::channel(100);
    let writer = tokio::spawn(write(lines));
    let work = Work::default();
    let places = Arc::new(Semaphore::new(clients as usize));
    work.tasks.spawn(accept(work.clone(), listener, places, journal)); // The tasks hold all senders of the journal.

    signals.recv().await;
    let end = async {
        work.leaving.cancel(); // 1. Not ready: the load balancer learns of it, and meanwhile requests are welcome.
        sleep(Duration::from_millis(notice.into())).await;
        work.stopping.cancel(); // 2. Nothing new: no connection, no request.
        work.tasks.close();
        let _in_time = timeout(Duration::from_millis(grace.into()), work.tasks.wait()).await; // 3. Requests finish.
        let aborted = work.tasks.len();
        work.cut.cancel(); // 4. The rest is aborted.
        work.tasks.wait().await;
        writer.await??; // 5. The last sender is gone, so the writer writes what is left and ends.
        eprintln!("{aborted} aborted");
        Ok(u8::from(aborted > 0)) // 6. The exit code.
    };
    // The second signal drops what is under way. What was answered is in the journal.
    tokio::select! { biased; Some(code) = signals.recv() => Ok(code), code = end => code }
}

#[derive(Clone, Default)]
struct Work {
    leaving: CancellationToken,
    stopping: CancellationToken,
    cut: CancellationToken,
    tasks: TaskTracker,
}

impl Work {
    fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.tasks.spawn(self.cut.clone().run_until_cancelled_owned(future));
    }
}

async fn accept(work: Work, listener: TcpListener, places: Arc<Semaphore>, journal: Journal) {
    // While all places are taken, further clients wait in the queue of the listener.
    let next = async || (places.clone().acquire_owned().await, listener.accept().await);
    while let Some((Ok(place), accepted)) = work.stopping.run_until_cancelled(next()).await {
        match accepted {
            Ok((stream, _)) => work.spawn(serve(work.clone(), stream, place, journal.clone())),
            Err(_) => sleep(Duration::from_millis(100)).await, // Too many open files, perhaps.
        }
    }
}

async fn serve(work: Work, mut stream: TcpStream, _place: OwnedSemaphorePermit, journal: Journal) {
    let (reader, mut writer) = stream.split();
    let mut lines = FramedRead::new(reader, LinesCodec::new_with_max_length(LONGEST_LINE));
    // An idle client is sent away at once. A request that was read is answered.
    while let Some(Some(Ok(line))) = work.stopping.run_until_cancelled(lines.next()).await {
        if note(&journal, format!("took {line}\n")).await.is_err() {
            return;
        }
        let answer = match line.split(' ').next().map(str::parse) {
            Some(Ok(milliseconds)) => {
                sleep(Duration::from_millis(milliseconds)).await;
                format!("done {line}\n")
            }
            _ if work.leaving.is_cancelled() => "leaving\n".to_owned(),
            _ => "ready\n".to_owned(),
        };
        // First the journal, then the client: an answer that a client has is never lost here.
        if note(&journal, answer.clone()).await.is_err() || writer.write_all(answer.as_bytes()).await.is_err() {
            return; // The journal cannot be written, or the client has left.
        }
        let journal = journal.clone(); // What goes on after the answer is work too.
        work.spawn(async move { _ = note(&journal, format!("mail {line}\n")).await });
    }
}

/// Each line, and whom to tell that it is written.
type Journal = mpsc::Sender<(String, oneshot::Sender<()>)>;

/// Returns when the line is written, or an error if it cannot be.
async fn note(journal: &Journal, line: String) -> Result<(), oneshot::error::RecvError> {
    let (written, is_written) = oneshot::channel();
    _ = journal.send((line, written)).await; // If the writer has ended, `written` is dropped.
    is_written.await
}

async fn write(mut lines: mpsc::Receiver<(String, oneshot::Sender<()>)>) -> io::Result<()> {
    let (mut file, mut together) = (BufWriter::new(stdout()), Vec::new());
    while lines.recv_many(&mut together, 100).await > 0 {
        for (line, _) in &together {
            file.write_all(line.as_bytes()).await?;
        }
        file.flush().await?; // One flush for all lines that have come meanwhile.
        for (_, written) in together.drain(..) {
            _ = written.send(());
        }
    }
    Ok(())
}

/// The exit code of each signal that tells the program to end.
fn signals() -> io::Result<mpsc::Receiver<u8>> {
    let (send, codes) = mpsc::channel(2);
    #[cfg(unix)]
    for (number, code) in [(2, 130), (15, 143)] {
        let mut signal = tokio::signal::unix::signal(number.into())?; // SIGINT and SIGTERM
        let send = send.clone();
        tokio::spawn(async move { while signal.recv().await.is_some() && send.send(code).await.is_ok() {} });
    }
    #[cfg(windows)]
    {
        let mut signal = tokio::signal::windows::ctrl_c()?;
        tokio::spawn(async move { while signal.recv().await.is_some() && send.send(130).await.is_ok() {} });
    }
    Ok(codes)
}
