//! A stand-in for AWS Lambda that starts the real binary as AWS does and provides the Runtime API.
//!
//! An invocation ends when the function asks for the next event after its response. At the deadline the process is
//! killed, and the next invocation starts a new one; otherwise the process is used again. With
//! [`concurrency`](LambdaBuilder::concurrency) there are several invocations at a time, as on Lambda Managed Instances.
//! A function that breaks the protocol fails the test.

mod api;
mod builder;
mod cpu;
mod environment;
mod extensions;
mod logs;
mod memory;
mod outcome;
mod sandbox;
mod state;

use std::process::ExitStatus;
use std::time::{Duration, Instant};

use bytes::Bytes;

pub use builder::LambdaBuilder;
pub use cpu::cpu_time;
pub use environment::FUNCTION_NAME;
use logs::Logs;
pub use outcome::{FunctionError, Invocation, Outcome};
use sandbox::{Sandbox, Settings};
use state::Event;

/// A function, and its process while it runs.
#[derive(Debug)]
pub struct Lambda {
    settings: Settings,
    logs: Logs,
    /// The process, or `None` before a start and after the process was killed or has ended.
    sandbox: Option<Sandbox>,
    invocations: u64,
}

/// The end of a process that was asked to end.
#[derive(Clone, Copy, Debug)]
pub struct Termination {
    /// The exit status, which is signal 9 if the process did not end in time.
    pub status: ExitStatus,
    /// The time from the request to the end, or zero if the process had already ended.
    pub after: Duration,
}

impl Lambda {
    /// Returns a builder of a function that runs the program at a path, such as
    /// `env!("CARGO_BIN_EXE_lambda-promtail")`.
    pub fn builder(program: impl Into<std::path::PathBuf>) -> LambdaBuilder {
        LambdaBuilder::new(program.into())
    }

    async fn start(settings: Settings) -> Self {
        let logs = Logs::new();
        Self {
            sandbox: Some(Sandbox::start(&settings, &logs).await),
            settings,
            logs,
            invocations: 0,
        }
    }

    /// Waits until the function asks for its first event, starting it if it does not run.
    ///
    /// # Errors
    /// Returns how the function failed: with an init error, by exiting, or by taking too long.
    pub async fn wait_until_ready(&mut self) -> Result<(), Outcome> {
        // As AWS does, replaces a process that ended between two invocations. The end of one that was never ready is
        // reported below.
        let sandbox = match self.sandbox.take_if(|sandbox| !sandbox.ended_idle()) {
            Some(sandbox) => sandbox,
            None => Sandbox::start(&self.settings, &self.logs).await,
        };
        let sandbox = self.sandbox.insert(sandbox);
        let ready = sandbox.ready(self.settings.init_timeout).await;
        if ready.is_err() {
            self.sandbox = None;
        }
        ready
    }

    /// Gives the function an event and waits for the outcome.
    pub async fn invoke(&mut self, event: impl Into<Bytes>) -> Invocation {
        self.invoke_together([event]).await.remove(0)
    }

    /// Gives the function an event, and kills its process after a time, as when its machine fails. The event's deadline
    /// is that of the function's timeout. The outcome is [`Outcome::TimedOut`], or that of an invocation which ended
    /// before.
    pub async fn invoke_and_kill(&mut self, event: impl Into<Bytes>, after: Duration) -> Invocation {
        self.invoke_for([event], after).await.remove(0)
    }

    /// Gives the function several events at once, no more than its [`concurrency`](LambdaBuilder::concurrency), and
    /// waits for their outcomes. Each invocation has the log lines of all.
    pub async fn invoke_together(
        &mut self,
        events: impl IntoIterator<Item = impl Into<Bytes>>,
    ) -> Vec<Invocation> {
        self.invoke_for(events, self.settings.timeout).await
    }

    /// Does the same as [`invoke_together`](Self::invoke_together), and kills the process after a time.
    async fn invoke_for(
        &mut self,
        events: impl IntoIterator<Item = impl Into<Bytes>>,
        limit: Duration,
    ) -> Vec<Invocation> {
        let logs_from = self.logs.len();
        let started = self.wait_until_ready().await;
        let (events, from) = self.events(events);
        let ids = request_ids(&events);
        let outcomes = match started {
            Ok(()) => {
                let sandbox = self.sandbox.as_mut().unwrap();
                let outcomes = sandbox.run(events, from + limit).await;
                let is_answer =
                    |outcome: &Outcome| matches!(outcome, Outcome::Response(_) | Outcome::Error(_));
                if !outcomes.iter().all(|(outcome, _)| is_answer(outcome)) {
                    self.sandbox = None;
                }
                outcomes
            }
            Err(outcome) => vec![(outcome, from); ids.len()],
        };
        self.invocations_of(ids, outcomes, from, logs_from)
    }

    /// Gives the function an event, asks its process to end (SIGTERM) after a time, and kills it if it has not ended
    /// within the two seconds that AWS allows. The outcome is the function's response before its end, or
    /// [`Outcome::Exited`]. The deadline of the invocation is ignored.
    ///
    /// # Panics
    /// When the function does not start.
    pub async fn invoke_and_terminate(
        &mut self,
        event: impl Into<Bytes>,
        after: Duration,
    ) -> (Invocation, Termination) {
        let (mut invocations, termination) = self.invoke_together_and_terminate([event], after).await;
        (invocations.remove(0), termination)
    }

    /// Does the same as [`invoke_and_terminate`](Self::invoke_and_terminate) with several events at once.
    ///
    /// # Panics
    /// When the function does not start.
    pub async fn invoke_together_and_terminate(
        &mut self,
        events: impl IntoIterator<Item = impl Into<Bytes>>,
        after: Duration,
    ) -> (Vec<Invocation>, Termination) {
        let logs_from = self.logs.len();
        let started = self.wait_until_ready().await;
        let (events, from) = self.events(events);
        let ids = request_ids(&events);
        if let Err(outcome) = started {
            let logs = self.logs.lines_from(logs_from).join("\n");
            panic!(
                "the function should be ready for {}, got {outcome:?}; its log:\n{logs}",
                ids[0]
            );
        }
        let sandbox = self.sandbox.take().unwrap();
        let (outcomes, termination) = sandbox.run_and_terminate(events, after).await;
        (self.invocations_of(ids, outcomes, from, logs_from), termination)
    }

    /// Returns events with a deadline counted from now, and that deadline.
    fn events(&mut self, bodies: impl IntoIterator<Item = impl Into<Bytes>>) -> (Vec<Event>, Instant) {
        let events = bodies.into_iter().map(|body| {
            self.invocations += 1;
            let request_id = format!("00000000-0000-4000-8000-{:012x}", self.invocations);
            Event::new(&request_id, body.into(), self.settings.timeout, self.invocations)
        });
        (events.collect(), Instant::now())
    }

    fn invocations_of(
        &self,
        ids: Vec<String>,
        outcomes: Vec<(Outcome, Instant)>,
        from: Instant,
        logs_from: u64,
    ) -> Vec<Invocation> {
        let logs = self.logs.lines_from(logs_from);
        let invocations = ids.into_iter().zip(outcomes);
        let invocations = invocations.map(|(request_id, (outcome, ended))| Invocation {
            request_id,
            outcome,
            elapsed: ended - from,
            logs: logs.clone(),
        });
        invocations.collect()
    }

    /// Changes the function's timeout, from the next invocation on.
    pub fn set_timeout(&mut self, timeout: Duration) {
        self.settings.timeout = timeout;
    }

    /// Stops the process, as AWS does between invocations. The next invocation resumes it.
    pub async fn freeze(&mut self) {
        self.running().freeze().await;
    }

    /// Asks the process to end (SIGTERM), and kills it if it has not ended within the two seconds that AWS allows.
    pub async fn terminate(&mut self) -> Termination {
        let termination = self.running().terminate().await;
        self.sandbox = None;
        termination
    }

    /// Kills the process, if there is one. Dropping the function does the same without waiting for the end.
    pub async fn stop(&mut self) {
        if let Some(mut sandbox) = self.sandbox.take() {
            sandbox.kill().await;
        }
    }

    /// Returns the id of the process, if there is one.
    pub fn pid(&self) -> Option<u32> {
        self.sandbox.as_ref().and_then(Sandbox::pid)
    }

    /// Returns the memory that the running process uses now.
    pub fn resident_bytes(&self) -> u64 {
        memory::resident_bytes(self.running_pid())
    }

    /// Returns the maximum memory that the running process has used.
    pub fn peak_resident_bytes(&self) -> u64 {
        memory::peak_resident_bytes(self.running_pid())
    }

    /// Returns the processor time that the running process has used, in user and in kernel mode.
    pub fn cpu_time(&self) -> Duration {
        cpu_time(self.running_pid()).expect("the process should be running")
    }

    /// Returns all lines that the function's processes have written to standard output and standard error.
    pub fn logs(&self) -> Vec<String> {
        self.logs.lines_from(0)
    }

    fn running(&mut self) -> &mut Sandbox {
        self.sandbox.as_mut().expect("the function should be running")
    }

    fn running_pid(&self) -> u32 {
        self.pid().expect("the function should be running")
    }
}

fn request_ids(events: &[Event]) -> Vec<String> {
    events.iter().map(|event| event.request_id.clone()).collect()
}
