//! A real Loki: one process with everything in it, which talks to nobody but the loopback.

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
use config::Rates;
pub use query::{QueriedEntry, QueriedStream};

/// How long a start may take; it is a few seconds when the machine has nothing else to do.
const START: Duration = Duration::from_secs(90);
const POLL: Duration = Duration::from_millis(100);
/// How much of the log a failure shows.
const LOG_TAIL: usize = 40;

/// A running Loki with an empty store, killed when it is dropped.
///
/// It wants a tenant (`auth_enabled`), takes entries of any age since 2020, and neither limits the rate
/// nor adds labels or metadata of its own (`service_name`, `detected_level`). Everything else is as
/// Loki's defaults have it.
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
    /// When none is installed, or it does not become ready; says what to do, or what its log says.
    pub async fn start() -> Self {
        Self::start_with(Rates::Unlimited).await
    }

    /// As [`start`](Self::start), and limits the rate as Loki's defaults do.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    pub async fn start_with_default_rates() -> Self {
        Self::start_with(Rates::Default).await
    }

    async fn start_with(rates: Rates) -> Self {
        let binary = binary::find();
        let directory = tempfile::Builder::new().prefix("loki-").tempdir().unwrap();
        let [address, grpc] = free_addresses();
        let config = directory.path().join("config.yaml");
        std::fs::write(&config, config::yaml(directory.path(), address, grpc, rates)).unwrap();
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

    /// The push URL, for `WRITE_ADDRESS`.
    pub fn push_url(&self) -> String {
        format!("http://{}/loki/api/v1/push", self.address)
    }

    /// What is stored for the tenant from `start_ns` until before `end_ns`, at most `limit` entries, the
    /// streams sorted by their labels and each from old to new.
    ///
    /// # Panics
    /// When Loki does not answer the query; says what it said.
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

    /// How many entries are stored for the tenant in the streams of `selector`, in the so many seconds
    /// before `end_ns` and at it.
    ///
    /// # Panics
    /// When Loki does not answer the query; says what it said.
    pub async fn count(&self, tenant: &str, selector: &str, seconds: u64, end_ns: i128) -> usize {
        let logql = format!("sum(count_over_time({selector}[{seconds}s]))");
        let path = format!("query?query={}&time={end_ns}", query::escape(&logql));
        query::number(&self.query(tenant, &path).await)
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

/// Two addresses nobody listens on. They are held together, so they differ.
fn free_addresses() -> [SocketAddr; 2] {
    let bind = || TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    [bind(), bind()].map(|listener| listener.local_addr().unwrap())
}
