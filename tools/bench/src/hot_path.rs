//! The hot path, from compressed bytes to push bodies.

use aws_events::Event;
use ingest::{EventProgress, Intake, IntakeSettings};
use log_pipeline::{Clock, Pipeline, Stages};
use loki_push::{Buffers, PackedBatch, Timestamp};
use tokio::runtime::{Builder, Runtime};

use crate::Input;
use crate::memory_store::MemoryStore;
use crate::packing_sink::PackingSink;

/// The batch size: the bytes of a push's body before compression.
pub const BATCH: usize = 1 << 20;
/// The time when the objects were written. All of their lines have a time of their own, so none takes it.
pub const LAST_MODIFIED: Timestamp = Timestamp::EPOCH;

/// The state that a warm function keeps between events, with default settings: no rules and no stages.
#[derive(Debug)]
pub struct HotPath {
    intake: Intake<MemoryStore>,
    buffers: Buffers,
    runtime: Runtime,
}

impl HotPath {
    /// Creates a hot path whose store holds the object of the input, if it has one.
    pub fn new(input: &Input) -> Self {
        Self::with_stages(input, "")
    }

    /// Creates a hot path as [`new`](Self::new) does, with these pipeline stages.
    pub fn with_stages(input: &Input, stages: &str) -> Self {
        let store = MemoryStore(input.object());
        let stages = Stages::parse(stages, &Clock::new(|| Timestamp::EPOCH)).unwrap();
        let pipeline = Pipeline::default().with_stages(stages);
        let settings = IntakeSettings {
            s3: input.source.s3_settings(),
            ..IntakeSettings::default()
        };
        Self {
            intake: Intake::new(settings, pipeline, store),
            buffers: Buffers::new(BATCH),
            runtime: Builder::new_current_thread().build().unwrap(),
        }
    }

    /// Reads the events, which are those of the input, gives each push to `send`, and returns the number of lines.
    pub fn ship(&self, events: Vec<Event>, send: &mut (dyn FnMut(PackedBatch) + Send)) -> u64 {
        let ship = |event| self.runtime.block_on(self.event(event, &mut *send));
        events.into_iter().map(ship).sum()
    }

    async fn event(&self, event: Event, send: &mut (dyn FnMut(PackedBatch) + Send)) -> u64 {
        let mut progress = EventProgress::default();
        let mut sink = PackingSink::new(&self.buffers, send);
        self.intake.read(event, &mut progress, &mut sink).await;
        let failed = progress.items.iter().find_map(|item| item.error());
        assert_eq!(failed, None, "an item cannot be read");
        sink.finish()
    }
}
