//! Measures the time that AWS bills for events of small and large items, with delays to S3 and Loki.

use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use testkit::compress::{Level, gzip_at};
use testkit::corpora::{Corpus, cloudwatch};
use testkit::events;
use testkit::lambda::{Lambda, LambdaBuilder};
use testkit::loopback::Connection;
use testkit::receiver::{Answer as LokiAnswer, Receiver};
use testkit::s3::{Answer, Object, S3};

use crate::function;
use crate::report::{Limit, Report};
use crate::sockets::SocketWatch;
use crate::statistics::median;

/// The time that S3 takes to respond.
const S3_DELAY: Duration = Duration::from_millis(30);
/// The time that Loki takes to respond.
const LOKI_DELAY: Duration = Duration::from_millis(20);
/// The size of an object of some 200 ALB lines, before compression.
const SMALL: u64 = 128_000;
/// The size of a large object, before compression.
const LARGE: u64 = 13_000_000;
const BUCKET: &str = "logs";
const LINES: u64 = 200;
/// The memory of the function, in MB. With so little, it has one thread.
const MEMORY: &str = "128";

/// The limit of resident memory, in MiB.
const MEMORY_LIMIT: f64 = 24.0;

/// Objects of one size, and the limit of their measurement.
struct Objects {
    count: usize,
    bytes: u64,
    /// The most times that an invocation may take longer than one GET and one push.
    limit: Option<f64>,
}

/// The servers, and a function that uses them.
struct Setup {
    s3: S3,
    receiver: Receiver,
    function: LambdaBuilder,
}

/// Measures S3 events of several objects, Kinesis events, and CloudWatch events, and compares each with the ideal.
pub(crate) async fn measure(rounds: usize, settings: &[(String, String)], report: &mut Report) {
    report.heading(&format!(
        "billed time, with {} ms to S3 and {} ms to Loki",
        S3_DELAY.as_millis(),
        LOKI_DELAY.as_millis()
    ));
    let setup = Setup::new(settings).await;
    for objects in [
        Objects {
            count: 1,
            bytes: SMALL,
            limit: None,
        },
        Objects {
            count: 10,
            bytes: SMALL,
            limit: Some(1.5),
        },
        Objects {
            count: 50,
            bytes: SMALL,
            limit: Some(3.5),
        },
        Objects {
            count: 10,
            bytes: LARGE,
            limit: None,
        },
    ] {
        setup.objects(&objects, rounds, report).await;
    }
    for count in [1, 100] {
        let event = kinesis_event(count);
        setup
            .event(&format!("kinesis, {count} records"), &event, rounds, report)
            .await;
    }
    let payload = gzip_at(Level::default(), cloudwatch::delivery(1, LINES).as_bytes());
    let event = events::cloudwatch_data(&payload);
    setup.event("cloudwatch, an event", &event, rounds, report).await;
}

impl Setup {
    async fn new(settings: &[(String, String)]) -> Self {
        let (s3, receiver) = (S3::start().await, Receiver::counting().await);
        s3.answer_always(Answer::serve().delay(S3_DELAY));
        receiver.answer_always(LokiAnswer::status(204).delay(LOKI_DELAY));
        let function = function::release(settings)
            .env("WRITE_ADDRESS", receiver.url())
            .env("AWS_ENDPOINT_URL_S3", s3.url())
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", MEMORY)
            .timeout(Duration::from_secs(900));
        Self {
            s3,
            receiver,
            function,
        }
    }

    /// Measures an event with objects through a warm function.
    async fn objects(&self, objects: &Objects, rounds: usize, report: &mut Report) {
        let (mut lines, mut records) = (0, Vec::new());
        for number in 0..objects.count {
            let mut text = Vec::new();
            lines += Corpus::Alb
                .write(&mut text, objects.bytes, number as u64)
                .unwrap();
            let object = gzip_at(Level::default(), &text);
            records.push(record(number, object.len()));
            self.s3.put(BUCKET, &key(number), Object::new(object));
        }
        let event = json!({"Records": records}).to_string();
        let mut lambda = self.function.clone().start().await;
        // The first event makes the clients.
        lambda.invoke(event.clone()).await.response();
        let ideal = self.ideal().await;
        let (mut walls, mut cpus, mut pushes) = (Vec::new(), Vec::new(), 0);
        for _ in 0..rounds {
            let (before, requests) = (lambda.cpu_time(), self.receiver.requests());
            let invocation = lambda.invoke(event.clone()).await;
            assert_eq!(invocation.response()["entries"], lines, "{:?}", invocation.logs);
            walls.push(invocation.elapsed);
            cpus.push(lambda.cpu_time() - before);
            pushes = self.receiver.requests() - requests;
        }
        // Another event, since watching takes time.
        let watch = SocketWatch::start(&self.s3.url());
        lambda.invoke(event).await.response();
        let in_sockets = watch.stop() as f64 / f64::from(1 << 20);
        let name = format!("{} objects of {} lines", objects.count, lines / objects.count);
        let figures = Figures {
            ideal,
            wall: median(walls),
            cpu: median(cpus),
            pushes,
        };
        figures.report(&name, &lambda, report);
        report.heading(&format!(
            "  received, but not read yet: {in_sockets:.1} MiB at most, in the system's memory"
        ));
        if let Some(limit) = objects.limit {
            let what = format!("{} objects, times the ideal", objects.count);
            report.limit(Limit::time_at_most(&what, figures.ratio(), limit));
        }
        let mib = lambda.peak_resident_bytes() as f64 / f64::from(1 << 20);
        report.limit(Limit::at_most("peak resident memory, MiB", mib, MEMORY_LIMIT));
    }

    /// Measures an event that needs no object through a warm function.
    async fn event(&self, name: &str, event: &str, rounds: usize, report: &mut Report) {
        let mut lambda = self.function.clone().start().await;
        lambda.invoke(event.to_owned()).await.response();
        let ideal = push_time().await;
        let (mut walls, mut cpus, mut pushes) = (Vec::new(), Vec::new(), 0);
        for _ in 0..rounds {
            let (before, requests) = (lambda.cpu_time(), self.receiver.requests());
            walls.push(lambda.invoke(event.to_owned()).await.elapsed);
            cpus.push(lambda.cpu_time() - before);
            pushes = self.receiver.requests() - requests;
        }
        let figures = Figures {
            ideal,
            wall: median(walls),
            cpu: median(cpus),
            pushes,
        };
        figures.report(name, &lambda, report);
    }

    /// Returns the time of one GET of an object and one push.
    async fn ideal(&self) -> Duration {
        let url = self.s3.url();
        let mut s3 = Connection::open(url.trim_start_matches("http://")).await.unwrap();
        let get = || {
            let uri = format!("{url}/{BUCKET}/{}", key(0));
            Request::get(uri).body(Bytes::new()).unwrap()
        };
        s3.send(get()).await.unwrap();
        let begin = Instant::now();
        s3.send(get()).await.unwrap();
        begin.elapsed() + push_time().await
    }
}

/// The figures of an event.
struct Figures {
    ideal: Duration,
    wall: Duration,
    cpu: Duration,
    pushes: usize,
}

impl Figures {
    fn ratio(&self) -> f64 {
        self.wall.as_secs_f64() / self.ideal.as_secs_f64()
    }

    fn report(&self, name: &str, lambda: &Lambda, report: &mut Report) {
        let millis = |time: Duration| time.as_secs_f64() * 1e3;
        report.heading(&format!(
            "{name:<26} wall {:>8.1} ms, {:>5.2} times the ideal, CPU {:>7.1} ms, pushes {:>3}, peak {:>4.1} MiB",
            millis(self.wall),
            self.ratio(),
            millis(self.cpu),
            self.pushes,
            lambda.peak_resident_bytes() as f64 / f64::from(1 << 20),
        ));
    }
}

/// Returns the time that waiting for a push takes on this machine.
async fn push_time() -> Duration {
    let begin = Instant::now();
    tokio::time::sleep(LOKI_DELAY).await;
    begin.elapsed()
}

fn key(number: usize) -> String {
    Corpus::Alb
        .key()
        .replace("2et2e1mx", &format!("2et2e{number:03}"))
}

fn record(number: usize, size: usize) -> Value {
    json!({
        "eventSource": "aws:s3",
        "awsRegion": "eu-west-1",
        "eventName": "ObjectCreated:Put",
        "s3": {"bucket": {"name": BUCKET}, "object": {"key": key(number), "size": size}},
    })
}

/// Returns a Kinesis event with records of a few lines of text each.
fn kinesis_event(records: usize) -> String {
    let record = |number: usize| {
        let lines: String = (0..5)
            .map(|line| format!("{{\"level\":\"info\",\"order\":{number},\"step\":{line}}}\n"))
            .collect();
        json!({
            "eventID": format!("shardId-000000000000:{number:056}"),
            "eventSource": "aws:kinesis",
            "eventSourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/orders",
            "awsRegion": "eu-west-1",
            "kinesis": {
                "kinesisSchemaVersion": "1.0",
                "partitionKey": "orders",
                "sequenceNumber": format!("{number:056}"),
                "approximateArrivalTimestamp": 1_772_600_767.123,
                "data": events::base64(lines.as_bytes()),
            },
        })
    };
    json!({"Records": (0..records).map(record).collect::<Vec<Value>>()}).to_string()
}
