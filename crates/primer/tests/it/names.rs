//! Every path and method that the pages name exists: this compiles. And Tokio's documentation shows every path.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tinyjson::JsonValue;

use crate::pages::{PAGES, page, prose, quotes, workspace};

#[rustfmt::skip]
#[allow(unused_imports, reason = "to import them is the proof")]
mod exists {
    use futures::FutureExt as _;
    use futures::StreamExt as _;
    use futures::executor::block_on as _;
    use futures::future::join_all as _;
    use futures::future::select_all as _;
    use futures::future::select_ok as _;
    use futures::stream::FuturesUnordered as _;
    use futures::stream::try_unfold as _;
    use std::fs as _;
    use std::io::pipe as _;
    use std::iter::from_fn as _;
    use std::cmp::Reverse as _;
    use std::collections::BinaryHeap as _;
    use std::panic::resume_unwind as _;
    use std::panic::set_hook as _;
    use std::pin::pin as _;
    use std::sync::Mutex as _;
    use std::sync::RwLock as _;
    use std::thread::scope as _;
    use std::thread::sleep as _;
    use tokio::fs as _;
    use tokio::io::AsyncRead as _;
    use tokio::io::AsyncReadExt as _;
    use tokio::io::AsyncWrite as _;
    use tokio::io::AsyncWriteExt as _;
    use tokio::io::BufReader as _;
    use tokio::io::BufWriter as _;
    use tokio::io::copy as _;
    use tokio::io::copy_bidirectional as _;
    use tokio::io::duplex as _;
    use tokio::io::split as _;
    use tokio::io::stdin as _;
    #[cfg(unix)] use tokio::io::unix::AsyncFd as _;
    use tokio::join as _;
    use tokio::main as _;
    use tokio::net::TcpListener as _;
    use tokio::net::TcpStream as _;
    use tokio::net::UdpSocket as _;
    #[cfg(unix)] use tokio::net::UnixListener as _;
    #[cfg(unix)] use tokio::net::UnixStream as _;
    use tokio::net::lookup_host as _;
    #[cfg(unix)] use tokio::net::unix::pipe as _;
    use tokio::pin as _;
    use tokio::process::Child as _;
    use tokio::process::Command as _;
    use tokio::runtime::Builder as _;
    use tokio::runtime::Handle as _;
    use tokio::runtime::LocalRuntime as _;
    use tokio::runtime::Runtime as _;
    use tokio::select as _;
    use tokio::signal::ctrl_c as _;
    #[cfg(unix)] use tokio::signal::unix as _;
    use tokio::spawn as _;
    use tokio::sync::Barrier as _;
    use tokio::sync::Mutex as _;
    use tokio::sync::Notify as _;
    use tokio::sync::OnceCell as _;
    use tokio::sync::RwLock as _;
    use tokio::sync::Semaphore as _;
    use tokio::sync::SetOnce as _;
    use tokio::sync::broadcast as _;
    use tokio::sync::mpsc as _;
    use tokio::sync::mpsc::channel as _;
    use tokio::sync::mpsc::unbounded_channel as _;
    use tokio::sync::oneshot as _;
    use tokio::sync::watch as _;
    use tokio::task::AbortHandle as _;
    use tokio::task::Id as _;
    use tokio::task::JoinHandle as _;
    use tokio::task::JoinSet as _;
    use tokio::task::LocalSet as _;
    use tokio::task::block_in_place as _;
    use tokio::task::coop::consume_budget as _;
    use tokio::task::coop::unconstrained as _;
    use tokio::task::spawn_blocking as _;
    use tokio::task::spawn_local as _;
    use tokio::task::try_id as _;
    use tokio::task::yield_now as _;
    use tokio::task_local as _;
    use tokio::test as _;
    use tokio::time::Instant as _;
    use tokio::time::Sleep as _;
    use tokio::time::advance as _;
    use tokio::time::error::Elapsed as _;
    use tokio::time::interval as _;
    use tokio::time::pause as _;
    use tokio::time::sleep as _;
    use tokio::time::sleep_until as _;
    use tokio::time::timeout as _;
    use tokio::time::timeout_at as _;
    use tokio::try_join as _;
    use tokio_util::codec::Decoder as _;
    use tokio_util::codec::Encoder as _;
    use tokio_util::codec::Framed as _;
    use tokio_util::codec::LinesCodec as _;
    use tokio_util::sync::CancellationToken as _;
    use tokio_util::task::AbortOnDropHandle as _;
    use tokio_util::task::TaskTracker as _;
    use tokio_util::time::DelayQueue as _;
    use tracing::Instrument as _;
}

/// What the dictionary calls `Type::method`.
#[rustfmt::skip]
#[allow(dead_code, clippy::no_effect_underscore_binding, reason = "to name them is the proof")]
fn methods() {
    use std::io::ErrorKind;
    use std::process::{ExitStatus, Stdio};
    use std::time::Duration;

    use tokio::net::{TcpListener, TcpStream};
    use tokio::process::{Child, Command};
    use tokio::runtime::{Builder, Handle, Runtime};
    #[cfg(unix)] use tokio::signal::unix::SignalKind;
    use tokio::sync::mpsc::error::{TryRecvError, TrySendError};
    use tokio::sync::mpsc::{Receiver, Sender};
    use tokio::sync::{Barrier, Notify, Semaphore, mpsc, oneshot, watch};
    use tokio::task::{AbortHandle, JoinError, JoinHandle, JoinSet};
    use tokio_util::codec::LinesCodec;
    use tokio_util::sync::CancellationToken;
    use tokio_util::task::TaskTracker;

    let _ = (AbortHandle::abort, AbortHandle::is_finished, Barrier::wait, Builder::max_blocking_threads);
    let _ = (CancellationToken::cancel, CancellationToken::cancelled, CancellationToken::is_cancelled);
    let _ = (Child::id, Child::kill, Child::start_kill, Child::try_wait, Child::wait, Child::wait_with_output);
    let _ = (Command::new::<&str>, Handle::current, Handle::try_current);
    let _ = |handle: Handle| Handle::block_on(&handle, async {});
    let _ = |handle: Handle| Handle::spawn(&handle, async {});
    let _ = (JoinError::is_cancelled, JoinError::is_panic, JoinHandle::<()>::abort);
    let _ = (JoinSet::<()>::abort_all, JoinSet::<()>::join_all, JoinSet::<()>::join_next);
    let _ = JoinSet::<()>::join_next_with_id;
    let _ = |mut set: JoinSet<()>| JoinSet::spawn(&mut set, async {});
    let _ = (LinesCodec::new_with_max_length, Notify::notified, Notify::notify_one, Notify::notify_waiters);
    let _ = (Receiver::<()>::close, Receiver::<()>::len, Receiver::<()>::recv, Receiver::<()>::recv_many);
    let _ = |runtime: Runtime| Runtime::block_on(&runtime, async {});
    let _ = (Runtime::handle, Runtime::shutdown_timeout);
    let _ = (Semaphore::acquire, Semaphore::acquire_owned, Semaphore::available_permits, Semaphore::try_acquire);
    let _ = (Sender::<()>::capacity, Sender::<()>::send, Stdio::null, Stdio::piped, TaskTracker::wait);
    #[cfg(unix)] let _ = (SignalKind::hangup, SignalKind::interrupt, SignalKind::terminate);
    let _ = (TcpListener::local_addr, TcpStream::from_std, TryRecvError::Empty, TrySendError::<()>::Full);
    let _ = (mpsc::Receiver::<()>::blocking_recv, mpsc::Sender::<()>::blocking_send, mpsc::Sender::<()>::reserve);
    let _ = (oneshot::Receiver::<()>::try_recv, oneshot::Sender::<()>::is_closed, oneshot::Sender::<()>::send);
    let _ = (watch::Receiver::<()>::borrow, watch::Sender::<()>::send_replace, ErrorKind::UnexpectedEof);
    let _ = |receiver: &'static mut watch::Receiver<()>| watch::Receiver::wait_for(receiver, |()| true);
    let _: (Option<mpsc::WeakSender<()>>, Option<ExitStatus>, _) = (None, None, Duration::MAX);
}

#[test]
fn every_path_of_the_pages_exists() {
    let imports = include_str!("names.rs");
    for name in PAGES {
        let text = prose(&page(name));
        for span in quotes(&text) {
            let path = span.split(['(', '<', '!']).next().unwrap_or_default();
            let krate = path.split("::").next().unwrap_or_default();
            if path.contains("::") && ["tokio", "tokio_util", "futures", "std"].contains(&krate) {
                assert!(
                    imports.contains(&format!("use {path} as _;")),
                    "{name}: does {path} exist? Add it to names.rs"
                );
            }
        }
    }
}

#[test]
fn every_method_of_the_dictionary_exists() {
    let methods = include_str!("names.rs").replace("::<()>", "");
    let text = prose(&page("dictionary"));
    let mut found = 0;
    for span in text.split('`').skip(1).step_by(2) {
        let path = span.split(['(', '<']).next().unwrap_or_default();
        let is_method = path.contains("::") && path.split("::").any(|part| part.starts_with(char::is_uppercase));
        if !is_method || ["tokio", "tokio_util", "futures", "std"].iter().any(|krate| path.starts_with(krate)) {
            continue;
        }
        found += 1;
        let named = methods.match_indices(path).any(|(start, _)| {
            let is_name = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
            !methods[..start].ends_with(is_name) && !methods[start + path.len()..].starts_with(is_name)
        });
        assert!(named, "does {path} exist? Add it to names.rs");
    }
    assert!(found > 50, "only {found} methods");
}

/// The folder of Tokio's source.
fn tokio() -> PathBuf {
    let told = |program: &str, arguments: &[&str]| {
        let output = Command::new(program).args(arguments).current_dir(workspace()).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    };
    let rustc = told("rustc", &["-vV"]);
    let host = rustc.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    // What other systems need has never been downloaded here.
    let metadata = ["metadata", "--format-version", "1", "--offline", "--filter-platform", host];
    let metadata: JsonValue = told(env!("CARGO"), &metadata).parse().unwrap();
    let packages: &Vec<JsonValue> = metadata["packages"].get().unwrap();
    let text = |package: &JsonValue, key: &str| package[key].get::<String>().unwrap().clone();
    let tokio = packages.iter().find(|package| text(package, "name") == "tokio").unwrap();
    Path::new(&text(tokio, "manifest_path")).with_file_name("src")
}

/// The public paths below this module that Tokio's documentation hides or calls deprecated.
fn hidden_paths(folder: &Path, module: &str, hidden: &mut BTreeSet<String>) {
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let (path, name) = (entry.path(), entry.file_name().into_string().unwrap());
        if path.is_dir() {
            hidden_paths(&path, &format!("{module}::{name}"), hidden);
        } else if let Some(name) = name.strip_suffix(".rs") {
            let of_its_own = !["mod", "lib"].contains(&name);
            let module = if of_its_own { format!("{module}::{name}") } else { module.to_owned() };
            let source = fs::read_to_string(path).unwrap();
            hidden.extend(hidden_names(&source).into_iter().map(|name| format!("{module}::{name}")));
        }
    }
}

/// What a source file makes public under `#[doc(hidden)]` or `#[deprecated]`.
fn hidden_names(source: &str) -> Vec<&str> {
    let (mut names, mut is_hidden) = (Vec::new(), false);
    for line in source.lines().map(str::trim) {
        if line.starts_with("#[") {
            is_hidden |= line.starts_with("#[doc(hidden)]") || line.starts_with("#[deprecated");
            continue;
        }
        if let Some(item) = line.strip_prefix("pub ").filter(|_| is_hidden) {
            let item = item.split(['(', '<', '{', ';', '=', '!']).next().unwrap_or_default();
            let name = item.rsplit([' ', ':']).find(|word| !word.is_empty());
            names.extend(name);
        }
        is_hidden = false;
    }
    names
}

#[test]
fn no_path_of_the_pages_is_hidden_or_deprecated_in_tokio() {
    let mut hidden = BTreeSet::new();
    hidden_paths(&tokio(), "tokio", &mut hidden);
    assert!(hidden.contains("tokio::task::unconstrained"), "the search finds only {hidden:?}");
    let pages = PAGES.map(page).concat();
    let chapters = fs::read_dir(workspace().join("crates")).unwrap().flatten();
    let chapters = chapters.filter_map(|topic| fs::read_to_string(topic.path().join("README.md")).ok());
    let text = chapters.collect::<String>() + &pages;
    let spans = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_' && letter != ':');
    let used: Vec<_> = spans.filter(|path| hidden.contains(*path)).collect();
    assert!(used.is_empty(), "Tokio hides {used:?} or calls them deprecated");
}
