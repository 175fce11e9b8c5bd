//! Objects that are requested ahead of the one being read: the same entries and results as without, only sooner.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use ingest::{
    ByteSource, DownloadError, EntrySink, EventProgress, Intake, IntakeSettings, ObjectAddress, ObjectStore,
    S3TypeSettings, StoredObject, UnknownS3Type,
};
use log_pipeline::Pipeline;
use loki_push::{Entry, ItemId, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;
use tokio::runtime::{Builder, Runtime};
use tokio::time::{self, Instant};

/// The time in which the store responds to a request.
const RESPONSE_MS: u64 = 30;

/// The content of the store under a key.
#[derive(Clone, Debug)]
enum Stored {
    /// An object in chunks, each of some lines.
    Lines(Vec<u8>),
    /// An object whose download breaks after some lines.
    Broken(u8),
    Missing,
    Denied,
}

/// An item of an event, and the time in which the store responds to a request for it, in milliseconds.
#[derive(Clone, Debug)]
struct Announced {
    stored: Stored,
    response: u64,
    /// The name of the S3 event.
    event: &'static str,
    /// The size that the event says, in bytes.
    size: u64,
}

/// A record of what happened in a store.
#[derive(Debug, Default)]
struct Log {
    /// The requests in their order, each with the time when it began.
    requests: Mutex<Vec<(usize, Instant)>>,
    /// The objects in the order in which reading of their bodies began.
    bodies: Mutex<Vec<usize>>,
    /// The number of objects that are requested and not read to their end.
    open: AtomicUsize,
    most_open: AtomicUsize,
}

/// A store whose keys are the indices of its objects.
struct Store {
    objects: Vec<Announced>,
    log: Arc<Log>,
}

/// An object that is requested, until its body is dropped.
struct Open(Arc<Log>);

struct Body {
    index: usize,
    name: String,
    chunks: Vec<Result<Bytes, DownloadError>>,
    began: bool,
    open: Open,
}

impl Open {
    fn new(log: &Arc<Log>) -> Self {
        let open = log.open.fetch_add(1, Ordering::SeqCst) + 1;
        log.most_open.fetch_max(open, Ordering::SeqCst);
        Self(Arc::clone(log))
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.0.open.fetch_sub(1, Ordering::SeqCst);
    }
}

impl ObjectStore for Store {
    type Body = Body;

    async fn open(&self, address: ObjectAddress<'_>) -> Result<StoredObject<Body>, DownloadError> {
        let index: usize = address.key.parse().unwrap();
        let Announced { stored, response, .. } = &self.objects[index];
        self.log.requests.lock().unwrap().push((index, Instant::now()));
        let open = Open::new(&self.log);
        time::sleep(Duration::from_millis(*response)).await;
        let name = address.to_string();
        let lines = |chunk: u8, lines: u8| {
            let lines = (0..lines).map(|line| format!("object {index}, chunk {chunk}, line {line}\n"));
            Ok(Bytes::from(lines.collect::<String>()))
        };
        let chunks = match stored {
            Stored::Lines(chunks) => (0..)
                .zip(chunks)
                .map(|(chunk, count)| lines(chunk, *count))
                .collect(),
            Stored::Broken(count) => vec![
                lines(0, *count),
                Err(DownloadError::Broken {
                    object: name.clone(),
                    offset: 10,
                    length: 20,
                    breaks: 6,
                    last: "the connection was closed".to_owned(),
                }),
            ],
            Stored::Missing => {
                return Err(DownloadError::NotFound {
                    object: name,
                    answer: "NoSuchKey".to_owned(),
                });
            }
            Stored::Denied => {
                return Err(DownloadError::AccessDenied {
                    object: name,
                    action: "s3:GetObject",
                    hint: "",
                    answer: "Access Denied".to_owned(),
                });
            }
        };
        Ok(StoredObject {
            last_modified: Timestamp::new(1_700_000_000, 0).unwrap(),
            etag: None,
            body: Body {
                index,
                name,
                chunks,
                began: false,
                open,
            },
        })
    }
}

impl ByteSource for Body {
    fn name(&self) -> &str {
        &self.name
    }

    async fn next_chunk(&mut self) -> Result<Option<Bytes>, DownloadError> {
        if !std::mem::replace(&mut self.began, true) {
            self.open.0.bodies.lock().unwrap().push(self.index);
        }
        time::sleep(Duration::from_millis(1)).await;
        let next = (!self.chunks.is_empty()).then(|| self.chunks.remove(0));
        next.transpose()
    }
}

/// A sink that keeps the item, time and line of each entry.
#[derive(Default)]
struct Entries(Vec<(u32, i128, String)>);

impl EntrySink for Entries {
    fn accept(&mut self, entry: &Entry<'_>, item: ItemId) {
        let line = format!("{} {}", entry.labels, entry.line);
        self.0.push((item.0, entry.timestamp.unix_nanos(), line));
    }
}

/// The result of reading an event.
struct Outcome {
    entries: Vec<(u32, i128, String)>,
    progress: EventProgress,
    took: Duration,
    log: Arc<Log>,
}

/// Returns a runtime whose clock stands still while anything can run.
fn runtime() -> Runtime {
    let mut builder = Builder::new_current_thread();
    builder.enable_time().start_paused(true).build().unwrap()
}

/// Reads an event that announces the objects.
fn read(objects: &[Announced], read_ahead: usize) -> Outcome {
    read_for(objects, read_ahead, Duration::MAX)
}

/// Reads an event that announces the objects, and stops after this time.
fn read_for(objects: &[Announced], read_ahead: usize, limit: Duration) -> Outcome {
    let record = |(key, object): (usize, &Announced)| {
        json!({
            "eventSource": "aws:s3",
            "awsRegion": "eu-west-1",
            "eventName": object.event,
            "s3": {"bucket": {"name": "logs"}, "object": {"key": key.to_string(), "size": object.size}},
        })
    };
    let records: Vec<_> = objects.iter().enumerate().map(record).collect();
    let event = aws_events::parse(json!({"Records": records}).to_string().as_bytes()).unwrap();
    let log = Arc::new(Log::default());
    let store = Store {
        objects: objects.to_vec(),
        log: Arc::clone(&log),
    };
    let settings = IntakeSettings {
        read_ahead,
        s3: S3TypeSettings {
            unknown: UnknownS3Type::Text,
            ..S3TypeSettings::default()
        },
        ..IntakeSettings::default()
    };
    let intake = Intake::new(settings, Pipeline::default(), store);
    let (mut progress, mut entries) = (EventProgress::default(), Entries::default());
    let took = runtime().block_on(async {
        let started = Instant::now();
        let reading = intake.read(event, &mut progress, &mut entries);
        if time::timeout(limit, reading).await.is_err() {
            progress.cut_off(false);
        }
        let took = started.elapsed();
        // Requests that were ended are dropped when their tasks run once more.
        tokio::task::yield_now().await;
        took
    });
    Outcome {
        entries: entries.0,
        progress,
        took,
        log,
    }
}

fn lines(chunks: &[u8]) -> Announced {
    Announced {
        stored: Stored::Lines(chunks.to_vec()),
        response: RESPONSE_MS,
        event: "ObjectCreated:Put",
        size: 1_000,
    }
}

fn announced() -> impl Strategy<Value = Announced> {
    let stored = prop_oneof![
        4 => vec(1_u8..20, 0..4).prop_map(Stored::Lines),
        1 => (1_u8..20).prop_map(Stored::Broken),
        1 => Just(Stored::Missing),
        1 => Just(Stored::Denied),
    ];
    let event = prop_oneof![8 => Just("ObjectCreated:Put"), 1 => Just("ObjectRemoved:Delete")];
    let size = prop_oneof![0_u64..100_000, 0_u64..5_000_000, Just(u64::MAX)];
    (stored, 0_u64..200, event, size).prop_map(|(stored, response, event, size)| Announced {
        stored,
        response,
        event,
        size,
    })
}

proptest! {
    #[test]
    fn entries_and_results_are_the_same_as_without_it(
        objects in vec(announced(), 1..40),
        read_ahead in 1_usize..20,
    ) {
        let (one_by_one, ahead) = (read(&objects, 0), read(&objects, read_ahead));
        prop_assert_eq!(&one_by_one.entries, &ahead.entries);
        prop_assert_eq!(&one_by_one.progress.items, &ahead.progress.items);
        prop_assert_eq!(one_by_one.progress.skipped, ahead.progress.skipped);
        // Each object is requested once, bodies are read in order, and no more of them are open than allowed.
        let requested = |outcome: &Outcome| {
            let mut requests: Vec<usize> =
                outcome.log.requests.lock().unwrap().iter().map(|(index, _)| *index).collect();
            requests.sort_unstable();
            requests
        };
        prop_assert_eq!(requested(&one_by_one), requested(&ahead));
        prop_assert_eq!(&*one_by_one.log.bodies.lock().unwrap(), &*ahead.log.bodies.lock().unwrap());
        prop_assert!(one_by_one.log.most_open.load(Ordering::SeqCst) <= 1);
        prop_assert!(ahead.log.most_open.load(Ordering::SeqCst) <= read_ahead + 1);
        prop_assert_eq!(ahead.log.open.load(Ordering::SeqCst), 0);
        prop_assert!(ahead.took <= one_by_one.took);
    }

    #[test]
    fn no_request_goes_on_after_the_deadline(
        objects in vec(announced(), 1..40),
        read_ahead in 0_usize..20,
        limit in 1_u64..500,
    ) {
        let limit = Duration::from_millis(limit);
        let outcome = read_for(&objects, read_ahead, limit);
        prop_assert_eq!(outcome.log.open.load(Ordering::SeqCst), 0);
        let one_by_one = read(&objects, 0);
        let delivered = outcome.entries.len();
        prop_assert_eq!(&outcome.entries[..], &one_by_one.entries[..delivered]);
        // What is missing is reported.
        for (cut, whole) in outcome.progress.items.iter().zip(&one_by_one.progress.items) {
            prop_assert!(cut.error().is_some() || whole.error().is_none());
        }
        if delivered < one_by_one.entries.len() {
            let item = one_by_one.entries[delivered].0 as usize;
            prop_assert!(outcome.progress.items[item].error().is_some());
        }
    }
}

#[test]
fn the_waits_for_the_objects_overlap() {
    let objects = vec![lines(&[2, 2]); 10];
    // Reading a body of two chunks takes 3 ms here. With one request ahead, two objects wait at the same time.
    for (read_ahead, expected) in [(0, 10 * (30 + 3)), (1, 5 * (30 + 3) + 3), (16, 30 + 10 * 3)] {
        let outcome = read(&objects, read_ahead);
        assert_eq!(outcome.took.as_millis(), expected, "{read_ahead}");
    }
}

#[test]
fn the_object_being_read_is_requested_first() {
    let objects = vec![lines(&[1]); 30];
    let outcome = read(&objects, 4);
    let requests = outcome.log.requests.lock().unwrap();
    let order: Vec<usize> = requests.iter().map(|(index, _)| *index).collect();
    assert_eq!(order, (0..30).collect::<Vec<usize>>());
    let at_once = requests.iter().filter(|(_, at)| *at == requests[0].1).count();
    assert_eq!(at_once, 5);
}

#[test]
fn objects_without_new_content_are_not_requested() {
    let mut objects = vec![lines(&[1]); 6];
    for skipped in [0, 2, 5] {
        objects[skipped].event = "ObjectRemoved:Delete";
    }
    let outcome = read(&objects, 16);
    let requests = outcome.log.requests.lock().unwrap();
    let requested: Vec<usize> = requests.iter().map(|(index, _)| *index).collect();
    assert_eq!(requested, [1, 3, 4]);
    assert_eq!(outcome.progress.skipped, 3);
}

#[test]
fn of_large_objects_only_the_next_one_is_requested() {
    let mut objects = vec![lines(&[1]); 12];
    for object in &mut objects[..6] {
        object.size = 3_000_000;
    }
    let outcome = read(&objects, 16);
    let requests = outcome.log.requests.lock().unwrap();
    let at_once = requests.iter().filter(|(_, at)| *at == requests[0].1).count();
    assert_eq!(at_once, 2);
    assert_eq!(outcome.entries.len(), 12);
    // The small ones are requested together.
    let at = requests[11].1;
    assert!(requests.iter().filter(|(_, other)| *other == at).count() >= 5);
}
