//! Unique lines, in events of every source.

use fastrand::Rng;
use serde_json::{Value, json};
use testkit::compress;
use testkit::compress::gzip;
use testkit::corpora::kpl;
use testkit::events::cloudwatch_payload;
use testkit::receiver::Accepted;

use super::bombs;
use super::envelope_sources::{in_some_envelope, of_a_pipe, task};
use super::loki_faults::{ENTRY_LIMIT, LokiFault, POISON, UNLUCKY};
use super::shapes::Shape;
use super::sources::{Feed, Part, Source, Stored};
use crate::support::kinesis::{ARN, record, text_offset};
use crate::support::{BUCKET, OWNER, s3_event};

/// 2026-03-04T05:06:07Z.
pub const AT: i128 = 1_772_600_767;
/// The steps between two lines, in microseconds. Pushes whose times are far apart wait for each other.
const STEPS_MICROS: [i128; 4] = [1, 1_000, 1_000_000, 90_000_000];
pub const NANOS: i128 = 1_000_000_000;

/// A generator of random lines and of the events that hold them.
pub struct Lines<'a> {
    pub(super) rng: &'a mut Rng,
    pub(super) content: Content,
    lines: usize,
    objects: usize,
    /// The time at which the next lines begin that span many hours.
    clock: i128,
    /// The number of the first line that is marked.
    first_marked: usize,
}

/// The properties that the lines of a case share.
#[derive(Clone, Debug)]
pub struct Content {
    /// A name that every line contains.
    pub name: String,
    pub tenant: Option<&'static str>,
    pub shape: Shape,
    /// The fault that affects some lines.
    pub marked: Option<LokiFault>,
    /// Whether one part inflates to more than the function accepts.
    pub has_bomb: bool,
    /// Whether reading an object may fail. Its streams are unknown then, so later objects of the same streams could
    /// overtake it.
    pub reads_fail: bool,
}

impl<'a> Lines<'a> {
    pub fn new(rng: &'a mut Rng, content: Content) -> Self {
        Self {
            rng,
            content,
            lines: 0,
            objects: 0,
            clock: AT * NANOS,
            first_marked: 0,
        }
    }

    /// Returns an event of the source.
    pub fn feed(mut self, source: Source) -> Feed {
        // Parts have at least this many lines, except those that always have one.
        if source != Source::EventBridge {
            self.first_marked = self.rng.usize(..3);
        }
        let count = if source.is_batch() {
            self.rng.usize(2..7)
        } else {
            1
        };
        let bomb = self.content.has_bomb.then(|| self.rng.usize(..count));
        let parts = (0..count).map(|number| match source {
            _ if bomb == Some(number) => bombs::part(source, number),
            Source::Subscription => self.subscription(),
            Source::S3 => self.enveloped(3),
            Source::Sns => self.enveloped(3).map(|message| {
                json!({"Records": [{"EventSource": "aws:sns", "EventVersion": "1.0", "Sns": topic(&message)}]})
            }),
            Source::Sqs | Source::SqsPartial => match self.rng.u8(..4) {
                0 => self.object_created(),
                _ => self.enveloped(2),
            }
            .queued(number),
            Source::SqsContinued => self.notification(1).queued(number),
            Source::SnsInSqsPartial => self.enveloped(2).map(|message| topic(&message)).queued(number),
            Source::ObjectCreated => self.object_created(),
            Source::KinesisPipePartial => of_a_pipe(self.record(number)),
            Source::S3BatchPartial => task(self.notification(1), number),
            Source::EventBridge => self.eventbridge(),
            Source::Kinesis | Source::KinesisPartial => self.record(number),
            Source::Kafka => self.kafka_record(number),
            Source::SqsTextPartial => self.text_message(number),
        });
        Feed {
            source,
            parts: parts.collect(),
        }
    }

    fn line(&mut self) -> String {
        let mark =
            match self.content.marked {
                Some(fault) if self.lines == self.first_marked || self.rng.u8(..12) == 0 => {
                    if fault.is_poison() { POISON } else { UNLUCKY }
                }
                _ => "line",
            };
        let padding = match self.content.marked {
            Some(LokiFault::PoisonSize) if mark == POISON => 2 * ENTRY_LIMIT,
            _ => self.rng.usize(..200),
        };
        let user = self.content.shape.user(self.lines);
        // Random letters, because one repeated letter would compress too well to be too large for a slow link.
        let padding: String = (0..padding).map(|_| self.rng.alphanumeric()).collect();
        let line = format!("{mark} {} {user} {} {padding}", self.content.name, self.lines);
        self.lines += 1;
        line
    }

    fn entry(&self, labels: &str, timestamp_ns: i128, line: &str) -> Accepted {
        Accepted {
            tenant: self.content.tenant.map(str::to_owned),
            labels: self.content.shape.labels(labels, line),
            timestamp_ns,
            line: line.to_owned(),
            metadata: Vec::new(),
        }
    }

    fn count(&mut self) -> usize {
        if let Shape::ManyStreams { .. } = self.content.shape {
            return self.rng.usize(100..500);
        }
        match self.rng.u8(..8) {
            0 => 3,
            1..6 => self.rng.usize(3..20),
            _ => self.rng.usize(20..60),
        }
    }

    /// Returns the time of the first of this many lines, and the step between two lines.
    fn times(&mut self, count: usize) -> (i128, i128) {
        if self.content.shape != Shape::ManyHours {
            let step = STEPS_MICROS[self.rng.usize(..STEPS_MICROS.len())];
            // All parts begin at one time: if lines span more than an hour, others of the stream are too far behind.
            let step = step.min(3_000_000_000 / count as i128);
            return (AT * NANOS, step * 1_000);
        }
        let begin = self.later();
        // Whole milliseconds, because CloudWatch's times have no fractions of them.
        let step = i128::from(self.rng.u64(60_000..1_200_000)) * 1_000_000;
        self.clock += step * count as i128;
        (begin, step)
    }

    /// Returns a time up to three hours after all earlier lines.
    pub(super) fn later(&mut self) -> i128 {
        self.clock += i128::from(self.rng.u64(..10_800)) * NANOS;
        self.clock
    }

    /// Returns a subscription filter's delivery, and its entries with the labels that `labels` gives for a log group.
    pub(super) fn delivery(&mut self, labels: impl Fn(&str) -> String) -> (Value, Vec<Accepted>) {
        let group = format!("/aws/lambda/g{}", self.rng.u8(..3));
        let labels = labels(&group);
        let count = self.count();
        let (begin, step) = self.times(count);
        let step = step.max(1_000_000);
        let mut events = Vec::new();
        let mut entries = Vec::new();
        for number in 0..count as i128 {
            let line = self.line();
            let millis = (begin + number * step) / 1_000_000;
            events.push(json!({"id": number.to_string(), "timestamp": millis as i64, "message": line}));
            entries.push(self.entry(&labels, millis * 1_000_000, &line));
        }
        let payload = json!({
            "messageType": "DATA_MESSAGE", "owner": OWNER, "logGroup": group, "logStream": "s",
            "subscriptionFilters": ["f"], "logEvents": events,
        });
        (payload, entries)
    }

    fn subscription(&mut self) -> Part {
        let (payload, entries) = self.delivery(|group| {
            let group = format!(r#"__aws_cloudwatch_log_group="{group}""#);
            format!(r#"{{{group}, __aws_cloudwatch_owner="{OWNER}", __aws_log_type="cloudwatch"}}"#)
        });
        Part::new(
            serde_json::from_str(&cloudwatch_payload(&payload)).unwrap(),
            entries,
            Vec::new(),
        )
    }

    fn record(&mut self, number: usize) -> Part {
        let id = sequence_number(number);
        let stream = format!(r#"__aws_kinesis_event_source_arn="{ARN}", __aws_log_type="kinesis""#);
        let quarters = self.rng.u32(..4000);
        let mut arrival = AT * NANOS;
        let (data, entries) = if self.rng.bool() {
            let (payload, entries) = self.delivery(|group| {
                let group = format!(r#"__aws_cloudwatch_log_group="{group}""#);
                format!(r#"{{{group}, __aws_cloudwatch_owner="{OWNER}", {stream}}}"#)
            });
            let payload = gzip(payload.to_string().as_bytes());
            let data = match self.rng.u8(..4) {
                0 => kpl::aggregate(&[&payload]),
                _ => payload,
            };
            (data, entries)
        } else {
            arrival = match self.content.shape {
                // Whole seconds and quarters of them can be written without loss.
                Shape::ManyHours => self.later() / NANOS * NANOS,
                _ => AT * NANOS + i128::from(quarters) * NANOS / 4,
            };
            let labels = format!("{{{stream}}}");
            let (text, entries) = self.text(&labels, arrival + text_offset(&id));
            (self.written(text.as_bytes()), entries)
        };
        let mut json = record(&id, &data);
        json["kinesis"]["approximateArrivalTimestamp"] = json!((arrival / (NANOS / 4)) as f64 / 4.0);
        Part {
            id,
            ..Part::new(json, entries, Vec::new())
        }
    }

    /// Returns lines as a producer may write them: plain, compressed, or as the user records of an aggregate.
    fn written(&mut self, text: &[u8]) -> Vec<u8> {
        match self.rng.u8(..6) {
            0 => {
                let lines: Vec<Vec<u8>> = text
                    .split_inclusive(|byte| *byte == b'\n')
                    .map(<[u8]>::to_vec)
                    .collect();
                let user_records: Vec<Vec<u8>> = lines.iter().map(|line| self.compressed(line)).collect();
                let user_records: Vec<&[u8]> = user_records.iter().map(Vec::as_slice).collect();
                kpl::aggregate(&user_records)
            }
            1..3 => self.compressed(text),
            _ => text.to_vec(),
        }
    }

    fn compressed(&mut self, bytes: &[u8]) -> Vec<u8> {
        let (_, compress) = compress::ALL[self.rng.usize(..compress::ALL.len())];
        compress(bytes)
    }

    fn eventbridge(&mut self) -> Part {
        let json = json!({
            "version": "0", "id": "17793124", "detail-type": "Tick", "source": "my.app", "account": OWNER,
            "time": "2026-03-04T05:06:07Z", "region": "eu-west-1", "resources": [], "detail": {"text": self.line()},
        });
        let labels = r#"{__aws_eventbridge_detail_type="Tick", __aws_eventbridge_source="my.app", __aws_log_type="eventbridge"}"#;
        let entry = self.entry(labels, AT * NANOS, &json.to_string());
        Part::new(json, vec![entry], Vec::new())
    }

    /// Returns an S3 notification of at most this many objects.
    fn notification(&mut self, most: usize) -> Part {
        let count = self.rng.usize(1..=most);
        let (objects, entries): (Vec<Stored>, Vec<Vec<Accepted>>) = (0..count).map(|_| self.object()).unzip();
        let keys: Vec<&str> = objects.iter().map(|object| object.key.as_str()).collect();
        let json = serde_json::from_str(&s3_event(&keys)).unwrap();
        Part::new(json, entries.concat(), objects)
    }

    /// Returns an S3 notification, or another event that announces objects.
    fn enveloped(&mut self, most: usize) -> Part {
        let notification = self.notification(most);
        in_some_envelope(self.rng, notification)
    }

    fn object_created(&mut self) -> Part {
        let (object, entries) = self.object();
        let json = json!({
            "version": "0", "id": "17793124", "detail-type": "Object Created", "source": "aws.s3", "account": OWNER,
            "time": "2026-03-04T05:10:00Z", "region": "eu-west-1", "resources": [],
            "detail": {"version": "0", "bucket": {"name": BUCKET}, "object": {"key": object.key, "size": 5}},
        });
        Part::new(json, entries, vec![object])
    }

    fn object(&mut self) -> (Stored, Vec<Accepted>) {
        self.objects += 1;
        let number = self.objects;
        let written = match self.content.shape {
            Shape::ManyHours if !self.content.reads_fail => (self.later() / NANOS) as i64,
            _ => AT as i64 + self.rng.i64(0..1000),
        };
        let (key, (text, entries)) = if self.rng.bool() {
            let labels = format!(r#"{{__aws_log_type="s3_text", __aws_s3_text="{BUCKET}"}}"#);
            let lines = self.text(&labels, i128::from(written) * NANOS);
            (format!("app/{number}.log"), lines)
        } else {
            let prefix = "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app";
            // Objects that are hours apart belong to one load balancer.
            let name = match self.content.shape {
                Shape::ManyHours if !self.content.reads_fail => 0,
                _ => number,
            };
            let key =
                format!("{prefix}.lb{name}.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_{number}et2e1mx.log.gz");
            (key, self.load_balancer(name))
        };
        let bytes = match self.rng.bool() {
            true => gzip(text.as_bytes()),
            false => text.into_bytes(),
        };
        (Stored { key, bytes, written }, entries)
    }

    /// Returns lines without a time of their own.
    pub(super) fn text(&mut self, labels: &str, at: i128) -> (String, Vec<Accepted>) {
        let mut text = String::new();
        let mut entries = Vec::new();
        for number in 0..self.count() as i128 {
            let line = self.line();
            entries.push(self.entry(labels, at + number, &line));
            text += &line;
            text.push('\n');
        }
        (text, entries)
    }

    fn load_balancer(&mut self, number: usize) -> (String, Vec<Accepted>) {
        let labels = format!(
            r#"{{__aws_log_type="s3_lb", __aws_s3_lb="lb{number}", __aws_s3_lb_owner="111122223333"}}"#
        );
        let count = self.count();
        let (begin, step) = self.times(count);
        // This many lines at the beginning have no time, and some of the others.
        let without_time = [0, 0, 0, 2][self.rng.usize(..4)];
        let (mut nearest, mut guessed) = (begin + without_time * step, 0);
        let mut text = String::new();
        let mut entries = Vec::new();
        for number in 0..count as i128 {
            let time = begin + number * step;
            let line = self.line();
            let is_cut =
                number < without_time || (without_time > 0 && number > without_time && self.rng.bool());
            let (line, time) = if is_cut {
                guessed += 1;
                (format!("app/lb {line}"), nearest + guessed)
            } else {
                nearest = time;
                (format!("https {} app/lb {line}", rfc3339(time)), time)
            };
            entries.push(self.entry(&labels, time, &line));
            text += &line;
            text.push('\n');
        }
        (text, entries)
    }
}

impl Part {
    pub fn new(json: Value, entries: Vec<Accepted>, objects: Vec<Stored>) -> Self {
        Self {
            id: String::new(),
            json,
            entries,
            objects,
            is_bomb: false,
        }
    }

    pub fn map(self, wrap: impl FnOnce(Value) -> Value) -> Self {
        Self {
            json: wrap(self.json),
            ..self
        }
    }

    /// Returns the part as a message of a queue.
    pub fn queued(self, number: usize) -> Self {
        let id = format!("m-{number}");
        let wrap = |body: Value| {
            json!({
                "messageId": id, "eventSource": "aws:sqs", "eventSourceARN": "arn:aws:sqs:eu-west-1:1:q",
                "body": body.to_string(),
            })
        };
        Self {
            id: id.clone(),
            ..self.map(wrap)
        }
    }
}

/// Returns the sequence number of the record with this number in its event. Their order differs from that of text.
pub fn sequence_number(number: usize) -> String {
    format!("4954511524349098501828006771497314458218006259324{}", 98 + number)
}

/// Returns a notification of a topic.
pub fn topic(message: &Value) -> Value {
    json!({"Type": "Notification", "MessageId": "n-1", "Message": message.to_string()})
}

/// Formats a time in March of 2026, with microseconds.
fn rfc3339(nanos: i128) -> String {
    let micros = nanos / 1_000;
    let seconds = micros / 1_000_000;
    let day = 4 + (seconds / 86_400 - AT / 86_400);
    let (hours, minutes) = (seconds / 3_600 % 24, seconds / 60 % 60);
    format!(
        "2026-03-{day:02}T{hours:02}:{minutes:02}:{:02}.{:06}Z",
        seconds % 60,
        micros % 1_000_000
    )
}
