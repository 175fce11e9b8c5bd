//! The hot path, from compressed bytes to push bodies.

use std::sync::{Arc, Mutex};

use aws_logs::cloudwatch::DeliveryReader;
use aws_logs::s3::{Classified, ObjectType, classify};
use log_pipeline::{FastPath, Pipeline, RelabelCounts, Run};
use loki_push::{Batches, Buffers, Encoding, Entry, ItemId, LabelSet, PackedBatch, Timestamp};
use testkit::corpora::Corpus;

use crate::{Inflate, Input, Source};

/// The batch size: the bytes of a push's body before compression.
pub const BATCH: usize = 1 << 20;
/// The time when the objects were written. All of their lines have a time of their own, so none takes it.
pub const LAST_MODIFIED: Timestamp = Timestamp::EPOCH;
/// The only item of each event.
const ITEM: ItemId = ItemId(0);

/// The state that a warm function keeps between events.
#[derive(Debug)]
pub struct HotPath {
    pipeline: Pipeline,
    buffers: Buffers,
    delivery_reader: Mutex<DeliveryReader>,
}

impl Default for HotPath {
    /// Creates a hot path with default settings: no rules and no stages.
    fn default() -> Self {
        Self {
            pipeline: Pipeline::default(),
            buffers: Buffers::new(BATCH),
            delivery_reader: Mutex::default(),
        }
    }
}

/// Returns the type of the corpus's object, found by its key.
pub fn source_type(corpus: Corpus) -> ObjectType {
    match classify(corpus.key()) {
        Classified::Log(kind) => kind,
        other => panic!("{} should be a log, not {other:?}", corpus.key()),
    }
}

impl HotPath {
    /// Ships the input, gives each push to `send`, and returns the number of lines.
    pub fn ship(&self, input: &Input, send: &mut dyn FnMut(PackedBatch)) -> u64 {
        let ship = |gzip: &Vec<u8>| match input.source {
            Source::Object(corpus) => self.object(&source_type(corpus), gzip, send),
            Source::Deliveries => self.delivery(gzip, send),
        };
        input.gzips.iter().map(ship).sum()
    }

    fn object(&self, kind: &ObjectType, gzip: &[u8], send: &mut dyn FnMut(PackedBatch)) -> u64 {
        let mut reader = kind.reader(LAST_MODIFIED);
        let labels = self.stream_labels(kind.labels().clone());
        let mut inflate = Inflate::new(gzip);
        let mut item = Item::new(self, send);
        loop {
            let bytes = inflate.append_to(reader.space());
            if bytes == 0 {
                reader.finish();
            }
            let mut lines = reader.lines();
            while let Some(line) = lines.next_line().unwrap() {
                item.take_in(Entry {
                    labels: Arc::clone(&labels),
                    timestamp: line.timestamp,
                    line: line.text,
                    metadata: Vec::new(),
                });
            }
            if bytes == 0 {
                return item.finish();
            }
        }
    }

    fn delivery(&self, gzip: &[u8], send: &mut dyn FnMut(PackedBatch)) -> u64 {
        let data = self.delivery_reader.lock().unwrap().read(gzip).unwrap();
        let labels = self.stream_labels(data.labels(false));
        let mut item = Item::new(self, send);
        for entry in data.entries(&labels) {
            item.take_in(entry.unwrap());
        }
        let lines = item.finish();
        self.delivery_reader.lock().unwrap().keep(data);
        lines
    }

    fn stream_labels(&self, source: LabelSet) -> Arc<LabelSet> {
        let labels = self.pipeline.stream_labels(source, &mut RelabelCounts::default());
        labels.expect("no rule drops a stream")
    }
}

/// The processing of one item of an event, as in `ItemIntake` and `Delivery` but without their waits.
struct Item<'a> {
    run: Run<'a>,
    batches: Batches,
    send: &'a mut dyn FnMut(PackedBatch),
    lines: u64,
}

impl<'a> Item<'a> {
    fn new(path: &'a HotPath, send: &'a mut dyn FnMut(PackedBatch)) -> Self {
        Self {
            run: path.pipeline.run(),
            batches: Batches::new(Encoding::Protobuf, BATCH, &path.buffers),
            send,
            lines: 0,
        }
    }

    #[inline]
    fn take_in(&mut self, entry: Entry<'_>) {
        self.lines += 1;
        match self.run.fast_path(&entry) {
            FastPath::Kept => self.deliver(&entry, ITEM),
            FastPath::Dropped => {}
            FastPath::HasStages => {
                for (entry, item) in self.run.process(entry, ITEM) {
                    self.deliver(&entry, item);
                }
            }
        }
    }

    #[inline]
    fn deliver(&mut self, entry: &Entry<'_>, item: ItemId) {
        if let Some(full) = self.batches.add(entry, item) {
            (self.send)(full.pack().unwrap());
        }
    }

    fn finish(mut self) -> u64 {
        for (entry, item) in self.run.finish() {
            self.deliver(&entry, item);
        }
        for batch in self.batches.take() {
            (self.send)(batch.pack().unwrap());
        }
        self.lines
    }
}
