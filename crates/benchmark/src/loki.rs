//! One S3 object into a real Loki, with each size of batch and number of pushes in flight.

use std::time::Duration;

use testkit::corpora::Corpus;
use testkit::lambda::{Invocation, Outcome};
use testkit::loki::Loki;

use crate::object::StoredObject;
use crate::report::{Limit, Report};

/// What a function is given that deliveries of S3 objects start.
const TIMEOUT: Duration = Duration::from_secs(60);
/// 2026-03-31T00:00:00Z; the corpora are of that month.
const END_NS: i128 = 1_774_915_200_000_000_000;
const MONTH_SECONDS: u64 = 31 * 86_400;

/// An object, and the settings to ship it with.
pub(crate) struct Grid {
    pub(crate) corpus: Corpus,
    /// Uncompressed.
    pub(crate) bytes: u64,
    pub(crate) batch_sizes: Vec<usize>,
    pub(crate) concurrencies: Vec<usize>,
    pub(crate) settings: Vec<(String, String)>,
}

/// What one invocation with these settings did.
pub(crate) struct LokiRow {
    pub(crate) batch_size: usize,
    pub(crate) concurrency: usize,
    pub(crate) cpu: Duration,
    pub(crate) wall: Duration,
    /// Bytes of resident memory.
    pub(crate) peak: u64,
    /// As the function counts them.
    pub(crate) pushes: u64,
    pub(crate) retries: u64,
    /// Lines that Loki has, and all there are.
    pub(crate) stored: usize,
    pub(crate) lines: usize,
}

impl Grid {
    /// Ships to a Loki that takes all that comes, and to one with the rate limits of its defaults.
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
        // Limits are a tenant's.
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

/// A field of the function's last line in the log, which it writes however the invocation ends.
fn counted(invocation: &Invocation, field: &str) -> u64 {
    let line = invocation.logs.iter().rfind(|line| line.contains(" ms_left="));
    let line = line.unwrap_or_else(|| panic!("no summary: {:?}", invocation.outcome));
    let (_, value) = line.split_once(&format!(" {field}=")).unwrap();
    value.split(' ').next().unwrap().parse().unwrap()
}
