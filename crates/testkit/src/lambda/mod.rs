//! Lambda: starts the real binary as AWS starts it, and speaks the Runtime API with it.
//!
//! An invocation ends when the function, having answered, asks for the next event. At the deadline the
//! process is killed; the next invocation starts a fresh one, and else the warm one is used again. With
//! [`concurrency`](LambdaBuilder::concurrency) there are several invocations at once, as on Lambda Managed Instances.
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
pub use environment::FUNCTION_NAME;
use logs::Logs;
pub use outcome::{FunctionError, Invocation, Outcome};
use sandbox::{Sandbox, Settings};
use state::Event;

/// A function, and the process it runs in when it runs.
#[derive(Debug)]
pub struct Lambda {
    settings: Settings,
    logs: Logs,
    /// None before a start, and after the process was killed or ended.
    sandbox: Option<Sandbox>,
    invocations: u64,
}

/// How a process ended that was asked to.
#[derive(Clone, Copy, Debug)]
pub struct Termination {
    /// Killed by signal 9 when it did not end by itself in time.
    pub status: ExitStatus,
    /// From the request to the end; zero when it had ended by then.
    pub after: Duration,
}

impl Lambda {
    /// A function whose process is this program, to be found at its path:
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
    /// How it failed instead: with an init error, by exiting, or by taking too long.
    pub async fn wait_until_ready(&mut self) -> Result<(), Outcome> {
        // A process that ended between two invocations is replaced, as AWS does. One that ended before it
        // was ever ready has yet to be reported.
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

    /// Hands the function an event and waits for what comes of it.
    pub async fn invoke(&mut self, event: impl Into<Bytes>) -> Invocation {
        self.invoke_together([event]).await.remove(0)
    }

    /// Hands the function several events, no more than its [`concurrency`](LambdaBuilder::concurrency), at once
    /// and waits for what comes of them. Each invocation has the log lines of all.
    pub async fn invoke_together(
        &mut self,
        events: impl IntoIterator<Item = impl Into<Bytes>>,
    ) -> Vec<Invocation> {
        let logs_from = self.logs.len();
        let started = self.wait_until_ready().await;
        let (events, from) = self.events(events);
        let ids = request_ids(&events);
        let outcomes = match started {
            Ok(()) => {
                let sandbox = self.sandbox.as_mut().unwrap();
                let outcomes = sandbox.run(events, from + self.settings.timeout).await;
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

    /// Hands the function an event, asks its process to end (SIGTERM) that long after, and kills it when it
    /// has not ended after the two seconds AWS gives. The invocation is what the function answered before
    /// its end, or [`Outcome::Exited`]. Its deadline comes to nothing here.
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

    /// As [`invoke_and_terminate`](Self::invoke_and_terminate), with several events at once.
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

    /// Events whose time starts now.
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

    /// Stops the process where it is, as AWS does between invocations; the next invocation thaws it.
    pub async fn freeze(&mut self) {
        self.running().freeze().await;
    }

    /// Asks the process to end (SIGTERM) and kills it when it has not after the two seconds AWS gives.
    pub async fn terminate(&mut self) -> Termination {
        let termination = self.running().terminate().await;
        self.sandbox = None;
        termination
    }

    /// Kills the process, if there is one. Dropping does the same without waiting for its end.
    pub async fn stop(&mut self) {
        if let Some(mut sandbox) = self.sandbox.take() {
            sandbox.kill().await;
        }
    }

    /// The process, if there is one.
    pub fn pid(&self) -> Option<u32> {
        self.sandbox.as_ref().and_then(Sandbox::pid)
    }

    /// The memory the running process has in use now.
    pub fn resident_bytes(&self) -> u64 {
        memory::resident_bytes(self.running_pid())
    }

    /// The most memory the running process ever had in use.
    pub fn peak_resident_bytes(&self) -> u64 {
        memory::peak_resident_bytes(self.running_pid())
    }

    /// The processor time the running process has used, the kernel's on its behalf included.
    pub fn cpu_time(&self) -> Duration {
        cpu::time(self.running_pid())
    }

    /// All lines that the function's processes wrote so far, to standard output and standard error.
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
