//! The compile errors that a Python reader meets at `spawn`, in rustc's words, each with its cure.
//!
//! In asyncio a task stays on the thread of its loop, and the garbage collector keeps alive what the task uses.
//! [`tokio::spawn`] asks for two things:
//!
//! - The task may move to another thread at every await. So what it holds there must be `Send`.
//! - The task may outlive its caller. So it must not borrow from its caller: it must be `'static`.
//!
//! A future that you join and do not spawn is a part of your task. It may borrow from your task.
//! It need not be `Send` only if your task is not spawned either, as in `main`.
//! Inside a spawned task, such as a server's handler, everything that you join must be `Send`, too.
//!
//! # An `Rc` across an await
//!
//! ```compile_fail
//! use std::rc::Rc;
//!
//! async fn users() -> usize {
//!     let task = tokio::spawn(async {
//!         let name = Rc::new("users");
//!         tokio::task::yield_now().await;
//!         name.len()
//!     });
//!     task.await.unwrap()
//! }
//! ```
//!
//! ```text
//! error: future cannot be sent between threads safely
//! note: future is not `Send` as this value is used across an await
//!   |         let name = Rc::new("users");
//!   |             ---- has type `Rc<&str>` which is not `Send`
//!   |         tokio::task::yield_now().await;
//!   |                                  ^^^^^ await occurs here, with `name` maybe used later
//! ```
//!
//! The cure is an `Arc`, which counts atomically.
//!
//! ```
//! use std::sync::Arc;
//!
//! async fn users() -> usize {
//!     let task = tokio::spawn(async {
//!         let name = Arc::new("users");
//!         tokio::task::yield_now().await;
//!         name.len()
//!     });
//!     task.await.unwrap()
//! }
//! # assert_eq!(tokio_test::block_on(users()), 5);
//! ```
//!
//! # An `Rc` in a joined future of a spawned task
//!
//! ```compile_fail
//! use std::rc::Rc;
//!
//! async fn users() -> Vec<usize> {
//!     let task = tokio::spawn(async {
//!         let name = async {
//!             let name = Rc::new("users");
//!             tokio::task::yield_now().await;
//!             name.len()
//!         };
//!         gather::all([name]).await
//!     });
//!     task.await.unwrap()
//! }
//! ```
//!
//! ```text
//! error: future cannot be sent between threads safely
//! note: future is not `Send` as this value is used across an await
//!   |             let name = Rc::new("users");
//!   |                 ---- has type `Rc<&str>` which is not `Send`
//!   |             tokio::task::yield_now().await;
//!   |                                      ^^^^^ await occurs here, with `name` maybe used later
//! ```
//!
//! The joined future is not spawned, but the task that holds it is. In a task that is not spawned, the same code compiles:
//!
//! ```
//! use std::rc::Rc;
//!
//! async fn users() -> Vec<usize> {
//!     let name = async {
//!         let name = Rc::new("users");
//!         tokio::task::yield_now().await;
//!         name.len()
//!     };
//!     gather::all([name]).await
//! }
//! # assert_eq!(tokio_test::block_on(users()), [5]);
//! ```
//!
//! # A lock's guard across an await
//!
//! ```compile_fail
//! use std::sync::{Arc, Mutex};
//!
//! async fn count(total: Arc<Mutex<u32>>) {
//!     let task = tokio::spawn(async move {
//!         let mut total = total.lock().unwrap();
//!         tokio::task::yield_now().await;
//!         *total += 1;
//!     });
//!     task.await.unwrap();
//! }
//! ```
//!
//! ```text
//! error: future cannot be sent between threads safely
//! note: future is not `Send` as this value is used across an await
//!   |         let mut total = total.lock().unwrap();
//!   |             --------- has type `std::sync::MutexGuard<'_, u32>` which is not `Send`
//!   |         tokio::task::yield_now().await;
//!   |                                  ^^^^^ await occurs here, with `mut total` maybe used later
//! ```
//!
//! The cure is to lock after the await, or in a block that ends before the await.
//! If something must stay locked across an await, use a `tokio::sync::Mutex`.
//!
//! ```
//! use std::sync::{Arc, Mutex};
//!
//! async fn count(total: Arc<Mutex<u32>>) {
//!     let task = tokio::spawn(async move {
//!         tokio::task::yield_now().await;
//!         *total.lock().unwrap() += 1;
//!     });
//!     task.await.unwrap();
//! }
//! # let total = Arc::new(Mutex::new(0));
//! # tokio_test::block_on(count(total.clone()));
//! # assert_eq!(*total.lock().unwrap(), 1);
//! ```
//!
//! # A borrowed argument
//!
//! ```compile_fail,E0521
//! async fn length(name: &str) -> usize {
//!     let task = tokio::spawn(async move { name.len() });
//!     task.await.unwrap()
//! }
//! ```
//!
//! ```text
//! error[E0521]: borrowed data escapes outside of function
//!   | async fn length(name: &str) -> usize {
//!   |                 ----  - let's call the lifetime of this reference `'1`
//!   |                 `name` is a reference that is only valid in the function body
//!   |     let task = tokio::spawn(async move { name.len() });
//!   |                ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
//!   |                `name` escapes the function body here
//!   |                argument requires that `'1` must outlive `'static`
//! ```
//!
//! If the caller is dropped at its await, the task runs on, and the borrowed name may be gone.
//! The cure is to give the task a copy of its own. Or do not spawn: a joined future may borrow.
//!
//! ```
//! async fn length(name: &str) -> usize {
//!     let name = name.to_owned();
//!     let task = tokio::spawn(async move { name.len() });
//!     task.await.unwrap()
//! }
//!
//! async fn lengths(names: &[&str]) -> Vec<usize> {
//!     gather::all(names.iter().map(async |name| name.len())).await
//! }
//! # assert_eq!(tokio_test::block_on(length("users")), 5);
//! # assert_eq!(tokio_test::block_on(lengths(&["users", "ad"])), [5, 2]);
//! ```
//!
//! # A local variable, without `move`
//!
//! ```compile_fail,E0373
//! async fn length() -> usize {
//!     let name = String::from("users");
//!     let task = tokio::spawn(async { name.len() });
//!     task.await.unwrap()
//! }
//! ```
//!
//! ```text
//! error[E0373]: async block may outlive the current function, but it borrows `name`, which is owned by the current function
//!   |     let task = tokio::spawn(async { name.len() });
//!   |                             ^^^^^   ---- `name` is borrowed here
//!   |                             may outlive borrowed value `name`
//! help: to force the async block to take ownership of `name` (and any other referenced variables), use the `move` keyword
//! ```
//!
//! The cure is the word that rustc names.
//!
//! ```
//! async fn length() -> usize {
//!     let name = String::from("users");
//!     let task = tokio::spawn(async move { name.len() });
//!     task.await.unwrap()
//! }
//! # assert_eq!(tokio_test::block_on(length()), 5);
//! ```
//!
//! # One value for two tasks
//!
//! ```compile_fail,E0382
//! async fn twice(name: String) -> usize {
//!     let first = tokio::spawn(async move { name.len() });
//!     let second = tokio::spawn(async move { name.len() });
//!     first.await.unwrap() + second.await.unwrap()
//! }
//! ```
//!
//! ```text
//! error[E0382]: use of moved value: `name`
//!   |     let first = tokio::spawn(async move { name.len() });
//!   |                              ----------   ---- variable moved due to use in coroutine
//!   |                              value moved here
//!   |     let second = tokio::spawn(async move { name.len() });
//!   |                               ^^^^^^^^^^   ---- use occurs due to use in coroutine
//!   |                               value used here after move
//! ```
//!
//! The cure is one `Arc` for both, cloned before the spawn. An `Arc` is a counted reference, as every Python variable is.
//!
//! ```
//! use std::sync::Arc;
//!
//! async fn twice(name: Arc<str>) -> usize {
//!     let firsts = Arc::clone(&name);
//!     let first = tokio::spawn(async move { firsts.len() });
//!     let second = tokio::spawn(async move { name.len() });
//!     first.await.unwrap() + second.await.unwrap()
//! }
//! # assert_eq!(tokio_test::block_on(twice("users".into())), 10);
//! ```
//!
//! # An error that cannot travel
//!
//! ```compile_fail,E0277
//! use std::error::Error;
//!
//! async fn parse() -> Result<u8, Box<dyn Error>> {
//!     Ok("one".parse()?)
//! }
//!
//! async fn parsed() -> bool {
//!     tokio::spawn(parse()).await.unwrap().is_ok()
//! }
//! ```
//!
//! ```text
//! error[E0277]: `(dyn std::error::Error + 'static)` cannot be sent between threads safely
//!   |     tokio::spawn(parse()).await.unwrap().is_ok()
//!   |     ------------ ^^^^^^^ `(dyn std::error::Error + 'static)` cannot be sent between threads safely
//! note: required because it appears within the type `Result<u8, Box<(dyn std::error::Error + 'static)>>`
//! ```
//!
//! The result of a task travels to the thread of its caller, so it must be `Send`. The cure is in the type: an enum of errors, or this box.
//!
//! ```
//! use std::error::Error;
//!
//! async fn parse() -> Result<u8, Box<dyn Error + Send + Sync>> {
//!     Ok("one".parse()?)
//! }
//!
//! async fn parsed() -> bool {
//!     tokio::spawn(parse()).await.unwrap().is_ok()
//! }
//! # assert!(!tokio_test::block_on(parsed()));
//! ```
