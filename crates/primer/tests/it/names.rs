//! Every path that the pages name exists: this compiles.

use crate::pages::{PAGES, page, prose};

#[rustfmt::skip]
#[allow(unused_imports, reason = "to import them is the proof")]
mod exists {
    use futures::FutureExt as _;
    use futures::StreamExt as _;
    use futures::executor::block_on as _;
    use futures::future::join_all as _;
    use futures::stream::FuturesUnordered as _;
    use futures::stream::unfold as _;
    use std::io::pipe as _;
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
    use tokio_util::codec::LinesCodec as _;
    use tokio_util::sync::CancellationToken as _;
    use tokio_util::task::AbortOnDropHandle as _;
    use tokio_util::task::TaskTracker as _;
}

#[test]
fn every_path_of_the_pages_exists() {
    let imports = include_str!("names.rs");
    for name in PAGES {
        let text = prose(&page(name));
        for span in text.split('`').skip(1).step_by(2) {
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
