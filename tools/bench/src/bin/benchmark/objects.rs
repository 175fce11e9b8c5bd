//! Measures the shipping of one S3 object.

use std::time::Duration;

use testkit::corpora::Corpus;
use testkit::receiver::{Answer, Receiver};

use crate::floor;
use crate::object::StoredObject;
use crate::report::{Limit, Report, Row};
use crate::statistics::median;

/// The function's timeout, longer than any object takes.
const TIMEOUT: Duration = Duration::from_secs(900);

/// An object, and the settings of its measurement.
pub(crate) struct Shipping {
    pub(crate) corpus: Corpus,
    /// The size of the object before compression.
    pub(crate) bytes: u64,
    pub(crate) rounds: usize,
    /// The delay of each push in the second series of rounds.
    pub(crate) delay: Duration,
    pub(crate) settings: Vec<(String, String)>,
}

/// The cost of one invocation.
struct Cost {
    cpu: Duration,
    wall: Duration,
    peak: u64,
    pushes: usize,
    /// The floor of the same object, measured right before.
    floor: Duration,
}

impl Shipping {
    /// Ships the object to a receiver that responds at once, and to one that responds after the delay.
    pub(crate) async fn measure(&self, report: &mut Report) {
        let object = StoredObject::new(self.corpus, self.bytes).await;
        let mut at_once = None;
        for delay in [Duration::ZERO, self.delay] {
            let mut costs = Vec::new();
            for _ in 0..self.rounds {
                costs.push(self.ship(&object, delay).await);
            }
            let wall = median(costs.iter().map(|cost| cost.wall));
            let row = Row {
                name: self.corpus.name(),
                receiver: delay,
                cpu: median(costs.iter().map(|cost| cost.cpu)),
                floor: median(costs.iter().map(|cost| cost.floor)),
                ratio: median(costs.iter().map(Cost::ratio)),
                wall,
                bytes: self.bytes,
                peak: costs.iter().map(|cost| cost.peak).max().unwrap(),
                pushes: median(costs.iter().map(|cost| cost.pushes)),
                lines: object.records,
            };
            report.row(&row);
            if delay.is_zero() {
                report.limit(Limit::time_at_most(
                    "CPU, times the floor",
                    row.ratio,
                    self.limit(),
                ));
                at_once = Some(wall);
            } else if let Some(at_once) = at_once
                // 200 pushes, eight at once, take the delayed receiver longer than reading a WAF object takes.
                && self.corpus != Corpus::Waf
            {
                let ratio = wall.as_secs_f64() / at_once.as_secs_f64();
                report.limit(Limit::time_at_most("wall time, times that at 0 ms", ratio, 1.5));
            }
            let mib = row.peak as f64 / f64::from(1 << 20);
            report.limit(Limit::at_most("peak resident memory, MiB", mib, 24.0));
        }
    }

    /// Returns the limit of the CPU time, in multiples of the floor. It is higher for the types whose lines need more
    /// parsing than finding their end and their time.
    fn limit(&self) -> f64 {
        match self.corpus {
            Corpus::Alb | Corpus::CloudFront | Corpus::Waf => 1.5,
            Corpus::FlowLog | Corpus::CloudTrail => 2.5,
        }
    }

    async fn ship(&self, object: &StoredObject, delay: Duration) -> Cost {
        let floor = floor::of_object(&std::fs::read(object.path()).unwrap());
        let receiver = Receiver::counting().await;
        receiver.answer_always(Answer::status(204).delay(delay));
        let mut lambda = object
            .shipped_to(receiver.url(), &self.settings)
            .timeout(TIMEOUT)
            .start()
            .await;
        lambda.wait_until_ready().await.unwrap();
        let invocation = lambda.invoke(object.event()).await;
        assert_eq!(
            invocation.response()["entries"],
            object.records,
            "{:?}",
            invocation.logs
        );
        // Each line arrives once, and all lines differ.
        assert_eq!(
            (receiver.accepted_count(), receiver.distinct_count()),
            (object.records, object.records)
        );
        Cost {
            cpu: lambda.cpu_time(),
            wall: invocation.elapsed,
            peak: lambda.peak_resident_bytes(),
            pushes: receiver.requests(),
            floor,
        }
    }
}

impl Cost {
    fn ratio(&self) -> f64 {
        self.cpu.as_secs_f64() / self.floor.as_secs_f64()
    }
}
