//! A real Loki, as a single process that only uses the loopback.

mod binary;
mod config;
mod query;

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::Stdio;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::loopback;
use config::Limits;
pub use query::{QueriedEntry, QueriedStream};

/// The maximum time of a start, which takes a few seconds on an idle machine.
const START: Duration = Duration::from_secs(90);
const POLL: Duration = Duration::from_millis(100);
/// The number of log lines that a failure shows.
const LOG_TAIL: usize = 40;

/// A running Loki with an empty store, killed when it is dropped.
///
/// It requires a tenant (`auth_enabled`), accepts entries of any age since 2020, does not limit the rate, and does
/// not add labels or metadata of its own (`service_name`, `detected_level`). All other settings are Loki's defaults.
#[derive(Debug)]
pub struct Loki {
    process: Child,
    address: SocketAddr,
    directory: TempDir,
}

impl Loki {
    /// Starts the installed Loki and waits until it is ready.
    ///
    /// # Panics
    /// Panics when Loki is not installed, with what to do, or when it does not become ready, with its log.
    pub async fn start() -> Self {
        Self::start_with(Limits::Unlimited).await
    }

    /// Starts Loki as [`start`](Self::start) does, with Loki's default rate limits.
    ///
    /// # Panics
    /// Panics where [`start`](Self::start) does.
    pub async fn start_with_default_rates() -> Self {
        Self::start_with(Limits::DefaultRates).await
    }

    /// Starts a Loki without tenants (`auth_enabled: false`), and with Loki's defaults for everything that decides about
    /// what it accepts. Its tenant for queries is `fake`.
    ///
    /// # Panics
    /// Panics where [`start`](Self::start) does.
    pub async fn start_with_defaults() -> Self {
        Self::start_with(Limits::Default).await
    }

    async fn start_with(limits: Limits) -> Self {
        let binary = binary::find();
        let directory = tempfile::Builder::new().prefix("loki-").tempdir().unwrap();
        let [address, grpc] = free_addresses();
        let config = directory.path().join("config.yaml");
        std::fs::write(&config, config::yaml(directory.path(), address, grpc, limits)).unwrap();
        let log = File::create(directory.path().join("log")).unwrap();
        let process = Command::new(&binary)
            .arg(format!("-config.file={}", config.display()))
            .env_clear()
            .current_dir(directory.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", binary.display()));
        let mut loki = Self {
            process,
            address,
            directory,
        };
        loki.wait_until_ready().await;
        loki
    }

    /// Returns the push URL, for `WRITE_ADDRESS`.
    pub fn push_url(&self) -> String {
        format!("http://{}/loki/api/v1/push", self.address)
    }

    /// Returns what is stored for the tenant from `start_ns` until before `end_ns`, at most `limit` entries. The
    /// streams are sorted by their labels, and the entries of each by time.
    ///
    /// # Panics
    /// Panics with Loki's response when the query fails.
    pub async fn query_range(
        &self,
        tenant: &str,
        logql: &str,
        start_ns: i128,
        end_ns: i128,
        limit: usize,
    ) -> Vec<QueriedStream> {
        let path = format!(
            "query_range?query={}&start={start_ns}&end={end_ns}&limit={limit}&direction=forward",
            query::escape(logql),
        );
        query::streams(&self.query(tenant, &path).await)
    }

    /// Returns the number of entries that are stored for the tenant in the streams of `selector`, in the given number
    /// of seconds up to and including `end_ns`.
    ///
    /// # Panics
    /// Panics with Loki's response when the query fails.
    pub async fn count(&self, tenant: &str, selector: &str, seconds: u64, end_ns: i128) -> usize {
        let logql = format!("sum(count_over_time({selector}[{seconds}s]))");
        let path = format!("query?query={}&time={end_ns}", query::escape(&logql));
        query::number(&self.query(tenant, &path).await)
    }

    /// Returns what a query finds from `start_ns` until `end_ns`: log streams, or the series of a metric query with a
    /// value every `step` seconds.
    ///
    /// # Panics
    /// Panics with Loki's response when the query fails.
    pub async fn result(
        &self,
        tenant: &str,
        logql: &str,
        start_ns: i128,
        end_ns: i128,
        step: u64,
    ) -> Vec<serde_json::Value> {
        let path = format!(
            "query_range?query={}&start={start_ns}&end={end_ns}&step={step}",
            query::escape(logql),
        );
        query::result(&self.query(tenant, &path).await)
    }

    async fn query(&self, tenant: &str, path: &str) -> String {
        let request = Request::get(format!("http://{}/loki/api/v1/{path}", self.address))
            .header("X-Scope-OrgID", tenant)
            // Keeps structured metadata apart from the labels.
            .header("X-Loki-Response-Encoding-Flags", "categorize-labels")
            .body(Bytes::new())
            .unwrap();
        let answer = match loopback::send(request).await {
            Ok(answer) => answer,
            Err(error) => self.fail(&format!("{path} failed: {error}")),
        };
        let body = String::from_utf8_lossy(answer.body());
        if !answer.status().is_success() {
            self.fail(&format!("{path} gave {}: {body}", answer.status()));
        }
        body.into_owned()
    }

    async fn wait_until_ready(&mut self) {
        let limit = Instant::now() + START;
        while !self.is_ready().await {
            if let Some(status) = self.process.try_wait().unwrap() {
                self.fail(&format!("it ended with {status} instead of becoming ready"));
            }
            if Instant::now() > limit {
                self.fail(&format!("it is not ready after {START:?}"));
            }
            tokio::time::sleep(POLL).await;
        }
    }

    async fn is_ready(&self) -> bool {
        let request = Request::get(format!("http://{}/ready", self.address))
            .body(Bytes::new())
            .unwrap();
        loopback::send(request)
            .await
            .is_ok_and(|answer| answer.status().is_success())
    }

    fn fail(&self, what: &str) -> ! {
        let log = std::fs::read(self.directory.path().join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        let tail = lines[lines.len().saturating_sub(LOG_TAIL)..].join("\n");
        panic!("Loki: {what}; the end of its log:\n{tail}");
    }
}

/// Returns two free addresses. Both are bound at the same time, so that they differ.
fn free_addresses() -> [SocketAddr; 2] {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    [bind(), bind()].map(|listener| listener.local_addr().unwrap())
}
