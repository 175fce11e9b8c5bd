//! One process of a function, and the Runtime API it talks to.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::{ExitStatus, Stdio};
use std::time::{Duration, Instant};

use tokio::process::{Child, Command};
use tokio::time::{sleep_until, timeout};

use super::api::Api;
use super::logs::Logs;
use super::state::Event;
use super::{Outcome, Termination};

/// What a function's processes are started with.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) program: PathBuf,
    pub(super) args: Vec<OsString>,
    pub(super) env: BTreeMap<String, String>,
    pub(super) timeout: Duration,
    pub(super) init_timeout: Duration,
}

/// How long a process may still run that has said it cannot start.
const END_AFTER_INIT_ERROR: Duration = Duration::from_secs(5);
/// How long a process may still run that was asked to end.
const END_AFTER_SIGTERM: Duration = Duration::from_secs(2);
/// How long the report of a process may still be under way when the process is known to have ended.
const REPORT_AFTER_END: Duration = Duration::from_millis(200);

/// An execution environment. Each has an API of its own, so what a killed one left under way can never
/// reach its successor.
#[derive(Debug)]
pub(super) struct Sandbox {
    process: Child,
    api: Api,
    was_ready: bool,
    frozen: bool,
}

impl Sandbox {
    pub(super) async fn start(settings: &Settings, logs: &Logs) -> Self {
        let api = Api::start().await;
        let process = Command::new(&settings.program)
            .args(&settings.args)
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", api.address().to_string())
            .envs(&settings.env)
            .stdin(Stdio::null())
            .stdout(logs.end())
            .stderr(logs.end())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", settings.program.display()));
        Self {
            process,
            api,
            was_ready: false,
            frozen: false,
        }
    }

    pub(super) fn pid(&self) -> Option<u32> {
        self.process.id()
    }

    /// Whether it was ready once, and has ended since.
    pub(super) fn ended_idle(&mut self) -> bool {
        self.was_ready && self.process.try_wait().unwrap().is_some()
    }

    /// Waits for the first request for an event. When it is an error, the process has ended.
    pub(super) async fn ready(&mut self, limit: Duration) -> Result<(), Outcome> {
        let started = self
            .api
            .wait_for(|state| state.waiting || state.init_error.is_some());
        let exit = tokio::select! {
            biased;
            () = started => None,
            status = self.process.wait() => Some(status.unwrap()),
            () = tokio::time::sleep(limit) => {
                self.kill().await;
                return Err(Outcome::TimedOut);
            }
        };
        if exit.is_some() {
            let reported = self.api.wait_for(|state| state.init_error.is_some());
            // Elapses for every process that just exits.
            let _ = timeout(REPORT_AFTER_END, reported).await;
        }
        let init_error = self.api.update(|state| state.init_error.take());
        match (init_error, exit) {
            (None, None) => {
                self.was_ready = true;
                Ok(())
            }
            (None, Some(status)) => Err(Outcome::Exited(status)),
            (Some(error), Some(status)) => Err(Outcome::InitError(error, Some(status))),
            (Some(error), None) => {
                let end = timeout(END_AFTER_INIT_ERROR, self.process.wait()).await;
                if end.is_err() {
                    self.kill().await;
                }
                Err(Outcome::InitError(error, end.ok().map(Result::unwrap)))
            }
        }
    }

    /// Hands the event to a process that is [`ready`](Self::ready); gives what came of it, and when.
    /// Unless it is a response or an error, the process has ended.
    pub(super) async fn run(&mut self, event: Event, deadline: Instant) -> (Outcome, Instant) {
        self.hand_out(event).await;
        let done = self.api.wait_for(|state| state.answer.is_some() && state.waiting);
        tokio::select! {
            biased;
            () = done => {}
            status = self.process.wait() => return (Outcome::Exited(status.unwrap()), Instant::now()),
            () = sleep_until(deadline.into()) => {
                let ended = Instant::now();
                self.kill().await;
                return (Outcome::TimedOut, ended);
            }
        }
        let (at, answer) = self.api.update(|state| state.answer.take()).unwrap();
        (answer.map_or_else(Outcome::Error, Outcome::Response), at)
    }

    /// Hands the event to a process that is [`ready`](Self::ready) and asks it to end that long after,
    /// whatever came of the event by then; gives what did, and when, and how the process ended.
    pub(super) async fn run_and_terminate(
        mut self,
        event: Event,
        after: Duration,
    ) -> (Outcome, Instant, Termination) {
        self.hand_out(event).await;
        let termination = match timeout(after, self.process.wait()).await {
            Ok(status) => Termination {
                status: status.unwrap(),
                after: Duration::ZERO,
            },
            Err(_) => self.terminate().await,
        };
        let ended = Instant::now();
        let answered = self.api.wait_for(|state| state.answer.is_some());
        // Elapses for every process that ends without an answer.
        let _ = timeout(REPORT_AFTER_END, answered).await;
        let (outcome, at) = match self.api.update(|state| state.answer.take()) {
            Some((at, answer)) => (answer.map_or_else(Outcome::Error, Outcome::Response), at),
            None => (Outcome::Exited(termination.status), ended),
        };
        (outcome, at, termination)
    }

    async fn hand_out(&mut self, event: Event) {
        self.api.update(|state| state.event = Some(event));
        self.thaw().await;
    }

    pub(super) async fn freeze(&mut self) {
        self.signal("STOP").await;
        self.frozen = true;
    }

    async fn thaw(&mut self) {
        if std::mem::take(&mut self.frozen) {
            self.signal("CONT").await;
        }
    }

    /// Asks it to end, and kills it when it has not in time.
    pub(super) async fn terminate(&mut self) -> Termination {
        let asked = Instant::now();
        self.thaw().await;
        self.signal("TERM").await;
        let status = match timeout(END_AFTER_SIGTERM, self.process.wait()).await {
            Ok(status) => status.unwrap(),
            Err(_) => self.kill().await,
        };
        Termination {
            status,
            after: asked.elapsed(),
        }
    }

    pub(super) async fn kill(&mut self) -> ExitStatus {
        // It may have ended by itself a moment ago.
        let _ = self.process.start_kill();
        self.process.wait().await.unwrap()
    }

    async fn signal(&self, name: &str) {
        let pid = self.pid().expect("the function should be running");
        // The shell's own kill: slim images have a shell, but no program of that name.
        let status = Command::new("/bin/sh")
            .args(["-c", &format!("kill -{name} {pid}")])
            .status()
            .await
            .unwrap();
        assert!(status.success(), "kill -{name} {pid}: {status}");
    }
}
