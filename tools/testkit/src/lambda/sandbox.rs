//! A process of a function, and the Runtime API that it uses.

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

/// The program, arguments and environment of a function's processes.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) program: PathBuf,
    pub(super) args: Vec<OsString>,
    pub(super) env: BTreeMap<String, String>,
    pub(super) concurrency: usize,
    pub(super) timeout: Duration,
    pub(super) init_timeout: Duration,
}

/// The time that a process has to end after it has reported that it cannot start.
const END_AFTER_INIT_ERROR: Duration = Duration::from_secs(5);
/// The time that a process has to end after it was asked to.
const END_AFTER_SIGTERM: Duration = Duration::from_secs(2);
/// The time to wait for the last report of a process that has already ended.
const REPORT_AFTER_END: Duration = Duration::from_millis(200);

/// An execution environment. Each has its own API, so that a request of a killed process cannot reach the next one.
#[derive(Debug)]
pub(super) struct Sandbox {
    process: Child,
    api: Api,
    was_ready: bool,
    frozen: bool,
}

impl Sandbox {
    pub(super) async fn start(settings: &Settings, logs: &Logs) -> Self {
        let api = Api::start(settings.concurrency).await;
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

    /// Returns whether the process was ready and has ended since.
    pub(super) fn ended_idle(&mut self) -> bool {
        self.was_ready && self.process.try_wait().unwrap().is_some()
    }

    /// Waits until the process asks for as many events as it may have. After an error the process has ended.
    pub(super) async fn ready(&mut self, limit: Duration) -> Result<(), Outcome> {
        let started = self
            .api
            .wait_for(|state| state.is_idle() || state.init_error.is_some());
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
            // This times out for every process that exits without a report.
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

    /// Gives the events to a process that is [`ready`](Self::ready), and returns each outcome with its time. After an
    /// outcome other than a response or an error the process has ended.
    pub(super) async fn run(&mut self, events: Vec<Event>, deadline: Instant) -> Vec<(Outcome, Instant)> {
        let ids = self.hand_out(events).await;
        let done = self
            .api
            .wait_for(|state| state.answers.len() == ids.len() && state.is_idle());
        let outcome = tokio::select! {
            biased;
            () = done => None,
            status = self.process.wait() => Some((Outcome::Exited(status.unwrap()), Instant::now())),
            () = sleep_until(deadline.into()) => {
                let ended = Instant::now();
                self.kill().await;
                Some((Outcome::TimedOut, ended))
            }
        };
        match outcome {
            Some(outcome) => vec![outcome; ids.len()],
            None => ids.iter().map(|id| self.take_answer(id).unwrap()).collect(),
        }
    }

    /// Gives the events to a process that is [`ready`](Self::ready), and asks it to end after a time, whether or not
    /// the events are done. Returns each outcome with its time, and the end of the process.
    pub(super) async fn run_and_terminate(
        mut self,
        events: Vec<Event>,
        after: Duration,
    ) -> (Vec<(Outcome, Instant)>, Termination) {
        let ids = self.hand_out(events).await;
        let termination = match timeout(after, self.process.wait()).await {
            Ok(status) => Termination {
                status: status.unwrap(),
                after: Duration::ZERO,
            },
            Err(_) => self.terminate().await,
        };
        let ended = Instant::now();
        let answered = self.api.wait_for(|state| state.answers.len() == ids.len());
        // This times out for every process that ends without a response.
        let _ = timeout(REPORT_AFTER_END, answered).await;
        let without_answer = (Outcome::Exited(termination.status), ended);
        let outcomes = ids
            .iter()
            .map(|id| self.take_answer(id).unwrap_or_else(|| without_answer.clone()));
        (outcomes.collect(), termination)
    }

    fn take_answer(&self, id: &str) -> Option<(Outcome, Instant)> {
        let (at, answer) = self.api.update(|state| state.answers.remove(id))?;
        Some((answer.map_or_else(Outcome::Error, Outcome::Response), at))
    }

    /// Makes the events available to the process, and returns their request ids.
    async fn hand_out(&mut self, events: Vec<Event>) -> Vec<String> {
        let ids = events.iter().map(|event| event.request_id.clone()).collect();
        self.api.update(|state| state.events.extend(events));
        self.thaw().await;
        ids
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

    /// Asks the process to end, and kills it if it does not in time.
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
        // The process may have ended by itself just before.
        let _ = self.process.start_kill();
        self.process.wait().await.unwrap()
    }

    async fn signal(&self, name: &str) {
        let pid = self.pid().expect("the function should be running");
        // Uses the `kill` that is built into the shell, since slim images have a shell but not the program.
        let status = Command::new("/bin/sh")
            .args(["-c", &format!("kill -{name} {pid}")])
            .status()
            .await
            .unwrap();
        assert!(status.success(), "kill -{name} {pid}: {status}");
    }
}
