//! The Bluetooth thread and its runtime, and the supervisor that restarts the stack when it fails.
//!
//! ```text
//!   supervise:  start the stack --> publish it --> keep the adapter's state current --> it fell: withdraw it --> again
//!   tasks:      wait for a stack, use it; a task that panics is lost alone, and its link ends
//! ```
//!
//! The stack fails when the system's bus closes or a library panics in it. It is never recreated otherwise: the
//! libraries leak something for every bus connection that they have made.

use core::convert::Infallible;
use core::time::Duration;
use std::sync::{Arc, Mutex, PoisonError, mpsc as std_mpsc};
use std::thread;

use btleplug::platform::Manager;
use tokio::runtime::{Builder, Handle};
use tokio::sync::{mpsc, watch};

use super::system::{QUERY_TIMEOUT, System, within};
use super::{Adapter, BluetoothError, fault};

/// Delay before a stack that failed to start is started again: a system service takes seconds to come up.
const RESTART_DELAY: Duration = Duration::from_secs(2);

/// How long dropping the last handle waits for connections to be closed. A clicker that is left connected does not
/// advertise, so the next program could not find it.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(3);

/// Libraries that the tasks use.
pub(super) struct Stack {
    pub(super) manager: Manager,
    pub(super) system: System,
}

/// Handle to the thread. Dropping the last one waits for the tasks to finish.
#[derive(Debug)]
pub(super) struct Thread {
    runtime: Option<Handle>,
    stack_handle: StackHandle,
    keep_alive: Option<KeepAlive>,
    thread_ended: Mutex<std_mpsc::Receiver<Infallible>>,
}

/// The thread runs while a clone of this exists.
pub(super) type KeepAlive = mpsc::Sender<Infallible>;

/// Access of a task to the current stack and the adapter's state.
#[derive(Clone)]
pub(super) struct StackHandle {
    stack: watch::Receiver<Option<Arc<Stack>>>,
    pub(super) adapter: watch::Receiver<Adapter>,
}

impl core::fmt::Debug for StackHandle {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("StackHandle").field("adapter", &*self.adapter.borrow()).finish_non_exhaustive()
    }
}

impl Thread {
    pub(super) fn start() -> Self {
        let (stack, stack_seen) = watch::channel(None);
        let (adapter, adapter_seen) = watch::channel(Adapter::Starting);
        let (keep_alive, mut tasks) = mpsc::channel(1);
        let (handle_sender, handle_receiver) = std_mpsc::channel();
        let (ended_sender, thread_ended) = std_mpsc::channel();
        let spawned = thread::Builder::new().name("bluetooth".to_owned()).spawn(move || {
            let _ended_sender = ended_sender;
            let runtime = match Builder::new_current_thread().enable_all().build() {
                Ok(runtime) => runtime,
                Err(error) => {
                    adapter.send_replace(Adapter::NoDaemon { why: error.to_string() });
                    return;
                }
            };
            if handle_sender.send(runtime.handle().clone()).is_err() {
                return;
            }
            runtime.block_on(async {
                tokio::select! {
                    _ = tasks.recv() => {}
                    () = supervise(&stack, &adapter) => {}
                }
            });
        });
        if let Err(error) = spawned {
            tracing::error!(%error, "no thread for Bluetooth");
        }
        Self {
            runtime: handle_receiver.recv().ok(),
            stack_handle: StackHandle { stack: stack_seen, adapter: adapter_seen },
            keep_alive: Some(keep_alive),
            thread_ended: Mutex::new(thread_ended),
        }
    }

    pub(super) fn stack_handle(&self) -> StackHandle {
        self.stack_handle.clone()
    }

    /// Spawns a task. The thread runs at least until it has finished.
    pub(super) fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        let keep_alive = self.keep_alive.clone();
        if let Some(runtime) = &self.runtime {
            runtime.spawn(async move {
                let _keep_alive = keep_alive;
                task.await;
            });
        }
    }
}

impl Drop for Thread {
    fn drop(&mut self) {
        self.keep_alive = None;
        // Nothing is ever sent: the channel closes when the thread ends.
        let _ended_or_late = self
            .thread_ended
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .recv_timeout(SHUTDOWN_TIMEOUT);
    }
}

impl StackHandle {
    /// Waits for the stack.
    pub(super) async fn stack(&mut self) -> Arc<Stack> {
        let stack = self.stack.wait_for(Option::is_some).await.ok().and_then(|stack| stack.clone());
        match stack {
            Some(stack) => stack,
            // The thread is shutting down.
            None => core::future::pending().await,
        }
    }

    /// Waits until the adapter is ready; passes each other state to `tell`.
    pub(super) async fn wait_adapter_ready(&mut self, mut tell: impl FnMut(Adapter)) {
        loop {
            let adapter = self.adapter.borrow_and_update().clone();
            if matches!(adapter, Adapter::Ready { .. }) {
                return;
            }
            tell(adapter);
            if self.adapter.changed().await.is_err() {
                core::future::pending::<()>().await;
            }
        }
    }

    /// Waits until the adapter is not ready any more and returns its state.
    pub(super) async fn wait_adapter_lost(&mut self) -> Adapter {
        let lost = self.adapter.wait_for(|adapter| !matches!(adapter, Adapter::Ready { .. })).await;
        let lost = lost.ok().map(|adapter| adapter.clone());
        match lost {
            Some(adapter) => adapter,
            None => core::future::pending().await,
        }
    }
}

async fn supervise(published: &watch::Sender<Option<Arc<Stack>>>, adapter: &watch::Sender<Adapter>) {
    loop {
        match start().await {
            Ok(stack) => {
                let stack = Arc::new(stack);
                let watching = {
                    let (stack, adapter) = (Arc::clone(&stack), adapter.clone());
                    tokio::spawn(async move { stack.system.watch(&adapter).await })
                };
                published.send_replace(Some(stack));
                let ended = watching.await;
                tracing::error!(?ended, "the Bluetooth stack fell; starting it again");
                published.send_replace(None);
                adapter.send_replace(Adapter::Starting);
            }
            Err(error) => {
                tracing::warn!(%error, "no Bluetooth yet");
                adapter.send_replace(match error {
                    BluetoothError::Adapter(adapter) => adapter,
                    BluetoothError::TimedOut { .. } => Adapter::NoDaemon { why: "no answer".to_owned() },
                    BluetoothError::System { why, .. } => Adapter::NoDaemon { why },
                });
            }
        }
        tokio::time::sleep(RESTART_DELAY).await;
    }
}

async fn start() -> Result<Stack, BluetoothError> {
    let manager = within(QUERY_TIMEOUT, "starting Bluetooth", Manager::new(), |error| {
        (fault::classify(&error), error.to_string())
    })
    .await?;
    let system = System::start(&manager).await?;
    Ok(Stack { manager, system })
}
