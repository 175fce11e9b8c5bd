//! Ships one S3 object to a real Loki, with each batch size and each number of pushes in flight.

use std::time::Duration;

use testkit::corpora::Corpus;
use testkit::lambda::{Invocation, Outcome};
use testkit::loki::Loki;

use crate::object::StoredObject;
use crate::report::{Limit, Report};

/// The function's timeout: a usual one for events of S3.
const TIMEOUT: Duration = Duration::from_secs(60);
/// 2026-03-31T00:00:00Z, the end of the month that the lines of the corpora lie in.
const END_NS: i128 = 1_774_915_200_000_000_000;
const MONTH_SECONDS: u64 = 31 * 86_400;

/// An object, and the combinations of settings with which it is shipped.
pub(crate) struct Grid {
    pub(crate) corpus: Corpus,
    /// The size of the object before compression.
    pub(crate) bytes: u64,
    pub(crate) batch_sizes: Vec<usize>,
    pub(crate) concurrencies: Vec<usize>,
    pub(crate) settings: Vec<(String, String)>,
}

/// The result of one invocation.
pub(crate) struct LokiRow {
    pub(crate) batch_size: usize,
    pub(crate) concurrency: usize,
    pub(crate) cpu: Duration,
    pub(crate) wall: Duration,
    /// The peak of resident memory, in bytes.
    pub(crate) peak: u64,
    /// The number of pushes in the function's summary.
    pub(crate) pushes: u64,
    pub(crate) retries: u64,
    /// The number of lines that Loki stored.
    pub(crate) stored: usize,
    pub(crate) lines: usize,
}

impl Grid {
    /// Ships to a Loki with raised rate limits, and to one with the default rate limits.
    pub(crate) async fn measure(&self, report: &mut Report) {
        let object = StoredObject::new(self.corpus, self.bytes).await;
        report.heading("a real Loki, its rate limits raised");
        self.ship_all(&object, &Loki::start().await, report).await;
        report.heading("a real Loki with its default rate limits, and a minute's time");
        self.ship_all(&object, &Loki::start_with_default_rates().await, report)
            .await;
    }

    async fn ship_all(&self, object: &StoredObject, loki: &Loki, report: &mut Report) {
        for &batch_size in &self.batch_sizes {
            for &concurrency in &self.concurrencies {
                self.ship(object, loki, batch_size, concurrency, report).await;
            }
        }
    }

    async fn ship(
        &self,
        object: &StoredObject,
        loki: &Loki,
        batch_size: usize,
        concurrency: usize,
        report: &mut Report,
    ) {
        // A tenant for each combination, because rate limits apply per tenant.
        let tenant = format!("{batch_size}-{concurrency}");
        let mut lambda = object
            .shipped_to(loki.push_url(), &self.settings)
            .env("TENANT_ID", &tenant)
            .env("BATCH_SIZE", batch_size.to_string())
            .env("PUSH_CONCURRENCY", concurrency.to_string())
            .timeout(TIMEOUT)
            .start()
            .await;
        lambda.wait_until_ready().await.unwrap();
        let invocation = lambda.invoke(object.event()).await;
        let stored = loki
            .count(&tenant, r#"{__aws_log_type=~".+"}"#, MONTH_SECONDS, END_NS)
            .await;
        report.loki(&LokiRow {
            batch_size,
            concurrency,
            cpu: lambda.cpu_time(),
            wall: invocation.elapsed,
            peak: lambda.peak_resident_bytes(),
            pushes: counted(&invocation, "pushes"),
            retries: counted(&invocation, "retries"),
            stored,
            lines: object.records,
        });
        if matches!(invocation.outcome, Outcome::Response(_)) {
            let missing = object.records.abs_diff(stored) as f64;
            report.limit(Limit::at_most("lines missing in silence", missing, 0.0));
        } else {
            let failed = counted(&invocation, "failed") + counted(&invocation, "entries");
            let unnamed = (object.records as f64 - failed as f64).max(0.0);
            report.limit(Limit::at_most(
                "reported as failed; lines not counted",
                unnamed,
                0.0,
            ));
        }
    }
}

/// Returns a field of the summary, which the function logs however the invocation ends.
fn counted(invocation: &Invocation, field: &str) -> u64 {
    let line = invocation.logs.iter().rfind(|line| line.contains(" ms_left="));
    let line = line.unwrap_or_else(|| panic!("no summary: {:?}", invocation.outcome));
    let (_, value) = line.split_once(&format!(" {field}=")).unwrap();
    value.split(' ').next().unwrap().parse().unwrap()
}
