//! Measures each part of the hot path with every kind of log, in nanoseconds per line, in MB of the plain log per
//! second, and in multiples of the floor, which only inflates and compresses the same bytes.
//!
//! The parts are timed block by block and batch by batch, so that the CPU's caches hold the same data as in the
//! function. Times are the best of several rounds.
//!
//! `cargo bench -p bench`, or `cargo bench -p bench -- alb waf` for some of them.

#![allow(clippy::unwrap_used, reason = "a benchmark fails by panicking")]

use std::hint::black_box;
use std::io::{self, Write};
use std::sync::Arc;
use std::time::{Duration, Instant};

use aws_logs::cloudwatch::{self, SubscriptionData};
use aws_logs::s3::{ObjectReader, ObjectType};
use bench::{BATCH, BLOCK, Floor, HotPath, Inflate, Input, LAST_MODIFIED, Source};
use log_pipeline::{Pipeline, Run};
use loki_push::{Batch, Batches, Buffers, Encoding, Entry, ItemId, LabelSet};
use testkit::corpora::Corpus;

const BYTES: usize = 8 << 20;
const ROUNDS: usize = 31;
/// The number of conversions of a label set to text that are timed together, because one is too short.
const TEXTS: u32 = 10_000;
const ITEM: ItemId = ItemId(0);

/// The parts in the order of the path, each with its best time.
#[derive(Default)]
struct Parts {
    best: Vec<(&'static str, Duration)>,
    round: Vec<(&'static str, Duration)>,
}

impl Parts {
    fn time<T>(&mut self, part: &'static str, work: impl FnOnce() -> T) -> T {
        let start = Instant::now();
        let result = work();
        let time = start.elapsed();
        match self.round.iter_mut().find(|(name, _)| *name == part) {
            Some((_, sum)) => *sum += time,
            None => self.round.push((part, time)),
        }
        result
    }

    fn end_round(&mut self) {
        for (part, time) in self.round.drain(..) {
            match self.best.iter_mut().find(|(name, _)| *name == part) {
                Some((_, best)) => *best = time.min(*best),
                None => self.best.push((part, time)),
            }
        }
    }
}

fn main() {
    // cargo passes --bench.
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|name| name != "--bench")
        .collect();
    let mut out = io::stdout().lock();
    for source in Source::all() {
        if wanted.is_empty() || wanted.iter().any(|name| name == source.name()) {
            measure(&Input::make(source, BYTES), &mut out);
        }
    }
}

fn measure(input: &Input, out: &mut impl Write) {
    let (mut parts, mut floor) = (Parts::default(), Floor::new(BATCH));
    let (mut lines, mut bytes) = (0, 0);
    // The first round is not counted: it allocates the buffers that later rounds reuse.
    for round in 0..=ROUNDS {
        bytes = match input.source.object_type() {
            Some(kind) => object(input.source, &kind, &input.gzips[0], &mut parts),
            None => deliveries(&input.gzips, &mut parts),
        };
        for (part, stages) in [
            ("the whole hot path", ""),
            ("the same with redact", r#"[{"redact":{}}]"#),
        ] {
            // Each round has its own buffers, because buffers can displace each other in the CPU's caches, depending on
            // their addresses. With the same buffers in all rounds, redact took 1.2 times as long in most runs and 1.35
            // times in a quarter of them.
            let path = HotPath::with_stages(input, stages);
            let ship = |events| {
                path.ship(events, &mut |push| {
                    black_box(push);
                })
            };
            // The first shipment is not counted: it allocates the buffers.
            ship(input.events());
            let events = input.events();
            lines = parts.time(part, || ship(events));
        }
        parts.time("floor: inflate, snappy", || {
            for gzip in &input.gzips {
                black_box(floor.inflate_and_compress(gzip));
            }
        });
        if round == 0 {
            parts.round.clear();
        }
        parts.end_round();
    }
    writeln!(
        out,
        "{}: {lines} lines of {} bytes, gzip {:.1} times smaller",
        input.source.name(),
        bytes / lines,
        bytes as f64 / input.gzips.iter().map(Vec::len).sum::<usize>() as f64
    )
    .unwrap();
    let of = |name| {
        let part = parts.best.iter().find(|(part, _)| *part == name);
        part.unwrap().1.as_secs_f64()
    };
    let floor = of("floor: inflate, snappy");
    for (part, time) in &parts.best {
        let seconds = time.as_secs_f64();
        writeln!(
            out,
            "  {part:<24}{:>9.1} ns a line{:>8.0} MB/s{:>7.2} times the floor",
            seconds * 1e9 / lines as f64,
            bytes as f64 / 1e6 / seconds,
            seconds / floor,
        )
        .unwrap();
    }
    let labels = match input.source.object_type() {
        Some(kind) => kind.labels().clone(),
        None => cloudwatch_labels(&input.gzips[0]),
    };
    let text = (0..ROUNDS).map(|_| text_time(&labels)).min().unwrap() / TEXTS;
    writeln!(
        out,
        "  label text              {:>9} ns a stream of a push",
        text.as_nanos()
    )
    .unwrap();
}

fn text_time(labels: &LabelSet) -> Duration {
    let start = Instant::now();
    for _ in 0..TEXTS {
        black_box(black_box(labels).to_string());
    }
    start.elapsed()
}

/// Times the parts of an object's path, and returns the number of plain bytes.
fn object(source: Source, kind: &ObjectType, gzip: &[u8], parts: &mut Parts) -> u64 {
    // The same lines without a search for their times. Records of a JSON array are not lines.
    let text = (source != Source::Object(Corpus::CloudTrail)).then(|| ObjectType::text("logs"));
    let mut text = text.map(|kind| kind.reader(LAST_MODIFIED));
    // A reader can read a block only once: one reader is timed, and the other provides the lines for the next parts.
    let mut timed = kind.reader(LAST_MODIFIED);
    let mut reader = kind.reader(LAST_MODIFIED);
    let labels = Arc::new(kind.labels().clone());
    let pipeline = Pipeline::default();
    let mut sink = Sink::new(&pipeline, Buffers::new(BATCH));
    let mut inflate = Inflate::new(gzip);
    let mut block = Vec::with_capacity(BLOCK);
    let mut total = 0;
    loop {
        block.clear();
        let bytes = parts.time("inflate", || inflate.append_to(&mut block));
        total += bytes as u64;
        if let Some(text) = &mut text {
            feed(text, &block);
            parts.time("split", || read(text));
        }
        feed(&mut timed, &block);
        parts.time("split and time", || read(&mut timed));
        feed(&mut reader, &block);
        let mut lines = reader.lines();
        let mut entries = Vec::new();
        while let Some(line) = lines.next_line().unwrap() {
            entries.push(Entry {
                labels: Arc::clone(&labels),
                timestamp: line.timestamp,
                line: line.text,
                metadata: Vec::new(),
            });
        }
        sink.take(&entries, parts);
        if bytes == 0 {
            sink.finish(parts);
            return total;
        }
    }
}

fn feed(reader: &mut ObjectReader, block: &[u8]) {
    reader.feed(block);
    if block.is_empty() {
        reader.finish();
    }
}

fn read(reader: &mut ObjectReader) {
    let mut lines = reader.lines();
    while let Some(line) = lines.next_line().unwrap() {
        black_box(line);
    }
}

/// Times the parts of the deliveries' path, and returns the number of plain bytes.
fn deliveries(gzips: &[Vec<u8>], parts: &mut Parts) -> u64 {
    let (pipeline, buffers) = (Pipeline::default(), Buffers::new(BATCH));
    let mut total = 0;
    for gzip in gzips {
        let mut json = Vec::new();
        parts
            .time("inflate", || cloudwatch::inflate(gzip, &mut json))
            .unwrap();
        total += json.len() as u64;
        let data = parts.time("parse", || SubscriptionData::parse(&json)).unwrap();
        let labels = Arc::new(data.labels(false));
        let mut sink = Sink::new(&pipeline, buffers.clone());
        let entries: Result<Vec<_>, _> = data.entries(&labels).collect();
        sink.take(&entries.unwrap(), parts);
        sink.finish(parts);
    }
    total
}

fn cloudwatch_labels(gzip: &[u8]) -> LabelSet {
    let mut json = Vec::new();
    cloudwatch::inflate(gzip, &mut json).unwrap();
    SubscriptionData::parse(&json).unwrap().labels(false)
}

/// The parts that follow reading: pipeline, encoder and compressor.
struct Sink<'p> {
    run: Run<'p>,
    batches: Batches,
}

impl<'p> Sink<'p> {
    fn new(pipeline: &'p Pipeline, buffers: Buffers) -> Self {
        Self {
            run: pipeline.run(),
            batches: Batches::new(Encoding::Protobuf, BATCH, &buffers),
        }
    }

    fn take(&mut self, entries: &[Entry<'_>], parts: &mut Parts) {
        let run = &mut self.run;
        // Without stages the pipeline returns the same entries, so copies can be given to it.
        let copies = entries.to_vec();
        parts.time("pipeline, without stages", || {
            for entry in copies {
                for entry in run.process(entry, ITEM) {
                    black_box(&entry);
                }
            }
        });
        let mut rest = entries.iter();
        while let Some(batch) = parts.time("encode", || rest.find_map(|entry| self.batches.add(entry, ITEM)))
        {
            pack(batch, parts);
        }
    }

    fn finish(mut self, parts: &mut Parts) {
        for batch in self.batches.take() {
            pack(batch, parts);
        }
    }
}

fn pack(batch: Batch, parts: &mut Parts) {
    parts.time("compress", || {
        black_box(batch.pack().unwrap());
    });
}
