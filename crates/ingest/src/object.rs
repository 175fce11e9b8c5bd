//! The reading of S3 objects.

use aws_events::{Continuation, S3Object};
use aws_logs::s3::{Content, GuessedTimes, ObjectReader, ObjectType};
use loki_push::{Entry, Timestamp};

use crate::item_intake::ItemIntake;
use crate::read_ahead::RequestedObject;
use crate::streams::Streams;
use crate::{
    ByteSource, Decompressed, EntrySink, ObjectAddress, ObjectPlan, ObjectStore, ReadError, StoredObject,
    s3_event,
};

/// An object that is being read.
pub(crate) struct OpenObject<'a> {
    /// The object's URI or the file's name.
    pub(crate) name: &'a str,
    kind: &'a ObjectType,
    streams: Streams<'a>,
    /// The number of CloudWatch deliveries that were taken so far.
    deliveries: u64,
}

/// An object whose content is read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ObjectToRead<'a> {
    /// The object's URI or the file's name.
    pub(crate) name: &'a str,
    /// The key, which can say that the object is Parquet.
    #[cfg_attr(not(feature = "parquet"), expect(dead_code))]
    pub(crate) key: &'a str,
    pub(crate) kind: &'a ObjectType,
    pub(crate) last_modified: Timestamp,
}

/// The point of an object at which delivering its entries starts.
#[derive(Clone, Copy, Debug, Default)]
struct Start<'a> {
    /// The ETag that the object must have.
    etag: Option<&'a str>,
    /// The number of entries before it.
    entries: u64,
    /// The number of the continuation, or 0 if the object is read for the first time.
    number: u32,
}

impl<O: ObjectStore, S: EntrySink> ItemIntake<'_, O, S> {
    /// Downloads an object, unless it is already requested, and reads its lines.
    pub(crate) async fn s3_object(
        &mut self,
        object: &S3Object,
        requested: Option<RequestedObject<O::Body>>,
    ) -> Result<(), ReadError> {
        let address = ObjectAddress::from(object);
        let name = address.to_string();
        if let Some(announced) = s3_event::without_new_content(object) {
            tracing::info!("{name}: skipped: the event announces {announced}, and no new content");
            self.skip();
            return Ok(());
        }
        let start = Start::default();
        self.object_from(&name, object, start, requested).await
    }

    /// Downloads an object that an earlier invocation has read in part, and reads its lines. The entries that are
    /// already acknowledged are made again, since later ones can depend on them, and not delivered.
    pub(crate) async fn continuation(
        &mut self,
        continuation: &Continuation,
        requested: Option<RequestedObject<O::Body>>,
    ) -> Result<(), ReadError> {
        let object = &continuation.object;
        let name = ObjectAddress::from(object).to_string();
        let counted_alike = continuation.settings == self.intake.settings.fingerprint;
        let start = Start {
            etag: Some(&continuation.etag),
            // With other settings, the entries that are acknowledged could be others than the first ones.
            entries: if counted_alike { continuation.entries } else { 0 },
            number: continuation.number,
        };
        self.object_from(&name, object, start, requested).await
    }

    async fn object_from(
        &mut self,
        name: &str,
        object: &S3Object,
        start: Start<'_>,
        requested: Option<RequestedObject<O::Body>>,
    ) -> Result<(), ReadError> {
        let Some(kind) = self.object_type(name, &object.bucket, &object.key)? else {
            return Ok(());
        };
        self.set_object_metadata(&object.bucket, &object.key);
        let stored = match requested {
            Some(requested) => requested.opened().await?,
            None => self.intake.objects.open(object.into()).await?,
        };
        let StoredObject {
            last_modified,
            etag,
            body,
        } = stored;
        if start.etag.is_some() && start.etag != etag.as_deref() {
            return Err(ReadError::NotTheSame {
                object: name.to_owned(),
            });
        }
        self.leave_out(start.entries);
        // Entries are counted to know which ones are delivered, so the count must be the same in each invocation.
        if let Some(etag) = etag.filter(|_| !self.intake.pipeline.depends_on_clock()) {
            self.set_rest(Continuation {
                object: object.clone(),
                etag,
                entries: start.entries,
                number: start.number,
                settings: self.intake.settings.fingerprint,
            });
        }
        let blocks = Decompressed::new(body);
        let read = ObjectToRead {
            name,
            key: &object.key,
            kind: &kind,
            last_modified,
        };
        self.object_content(read, blocks).await
    }

    /// Returns the type that the object is read as, or `None` if it is skipped.
    pub(crate) fn object_type(
        &mut self,
        name: &str,
        bucket: &str,
        key: &str,
    ) -> Result<Option<ObjectType>, ReadError> {
        match self.intake.settings.s3.plan(bucket, key) {
            ObjectPlan::Read(kind) => Ok(Some(kind)),
            ObjectPlan::Skip(reason) => {
                tracing::info!("{name}: skipped: {reason}");
                self.skip();
                Ok(None)
            }
            ObjectPlan::Fail(source) => Err(ReadError::UnknownType {
                object: name.to_owned(),
                source,
            }),
        }
    }

    /// Reads the content of an object: rows if it is Parquet, lines or deliveries otherwise.
    pub(crate) async fn object_content<B: ByteSource>(
        &mut self,
        object: ObjectToRead<'_>,
        #[cfg_attr(not(feature = "parquet"), expect(unused_mut))] mut blocks: Decompressed<B>,
    ) -> Result<(), ReadError> {
        let longest = self.intake.settings.bounds.line;
        let mut reader = object
            .kind
            .reader(object.last_modified)
            .with_longest_line(longest);
        let mut open = OpenObject {
            name: object.name,
            kind: object.kind,
            streams: Streams::new(object.kind.labels()),
            deliveries: 0,
        };
        #[cfg(feature = "parquet")]
        let read = if crate::parquet::is_parquet(&object, &mut blocks).await? {
            self.rows(&mut open, &mut reader, blocks).await
        } else {
            self.blocks(&mut open, &mut reader, blocks).await
        };
        #[cfg(not(feature = "parquet"))]
        let read = self.blocks(&mut open, &mut reader, blocks).await;
        let guessed = reader.guessed_times();
        if guessed.total() > 0 {
            tracing::warn!("{}: {}", object.name, described(guessed));
        }
        read
    }

    /// Reads the lines or deliveries of an object while its bytes arrive. If the bytes end in an error, the complete
    /// ones before it are processed first.
    async fn blocks<B: ByteSource>(
        &mut self,
        object: &mut OpenObject<'_>,
        reader: &mut ObjectReader,
        mut blocks: Decompressed<B>,
    ) -> Result<(), ReadError> {
        loop {
            let read = blocks.append_to(reader.space()).await;
            match &read {
                Ok(0) => reader.finish(),
                Ok(_) => {}
                Err(error) if error.is_of_content() => reader.abort(),
                Err(_) => reader.interrupt(),
            }
            let taken = self.whole_records(object, reader).await;
            // The download's error comes first: a download that was cut off may be the reason for an error of the
            // content.
            let bytes = read?;
            taken?;
            if bytes == 0 {
                return Ok(());
            }
            // Yields so that the deadline's timer is polled even if no read has to wait. Tokio's cooperative budget
            // alone would allow 128 blocks, which took 8 s when every line was empty.
            tokio::task::yield_now().await;
        }
    }

    /// Processes the lines or deliveries that are complete so far.
    pub(crate) async fn whole_records(
        &mut self,
        object: &mut OpenObject<'_>,
        reader: &mut ObjectReader,
    ) -> Result<(), ReadError> {
        let counted = reader.guessed_times().total();
        let taken = self.records(object, reader).await;
        self.progress.times_guessed += reader.guessed_times().total() - counted;
        taken
    }

    async fn records(
        &mut self,
        object: &mut OpenObject<'_>,
        reader: &mut ObjectReader,
    ) -> Result<(), ReadError> {
        let mut lines = reader.lines();
        loop {
            let line = lines.next_line().map_err(|source| ReadError::Object {
                object: object.name.to_owned(),
                source,
            })?;
            let Some(line) = line else { return Ok(()) };
            if lines.content() == Content::Deliveries {
                self.delivery(object, &line.text).await?;
                continue;
            }
            let Some(labels) = object.streams.of(&line, |source| self.stream_labels(source)) else {
                self.drop_relabelled(1);
                continue;
            };
            let entry = Entry {
                labels,
                timestamp: line.timestamp,
                line: line.text,
                metadata: Vec::new(),
            };
            self.take_in(entry);
            if self.must_wait() {
                self.wait().await;
            }
        }
    }

    /// Processes a record that is a CloudWatch delivery.
    async fn delivery(&mut self, object: &mut OpenObject<'_>, json: &str) -> Result<(), ReadError> {
        object.deliveries += 1;
        let additional = object.kind.delivery_labels();
        let read = self.delivery_document(json.as_bytes(), additional).await;
        read.map_err(|source| ReadError::Delivery {
            object: object.name.to_owned(),
            number: object.deliveries,
            source,
        })
    }
}

/// Returns a text with the number of lines that had no time of their own, and the origins of the times they took.
fn described(guessed: GuessedTimes) -> String {
    let origins = [
        (guessed.before, "from the nearest line before them"),
        (guessed.after, "from the first line after them that has one"),
        (guessed.last_modified, "from the object's LastModified"),
    ];
    let origins: Vec<String> = origins
        .iter()
        .filter(|(lines, _)| *lines > 0)
        .map(|(lines, origin)| format!("{lines} {origin}"))
        .collect();
    format!(
        "lines without a readable time of their own: {}; their times: {}",
        guessed.total(),
        origins.join(", ")
    )
}

#[cfg(test)]
mod tests;
