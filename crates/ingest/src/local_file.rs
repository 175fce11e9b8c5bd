//! Local files that are read like S3 objects.

use aws_logs::s3::ObjectType;
use loki_push::Timestamp;
use tokio::io::{AsyncRead, AsyncSeek};

use crate::file_source::FileSource;
use crate::item_intake::ItemIntake;
use crate::object::ObjectToRead;
use crate::{Decompressed, EntrySink, EventProgress, Intake, ItemProgress, ObjectStore, ReadError};

/// A local file that is read like an S3 object.
#[derive(Clone, Debug)]
pub struct LocalFile {
    /// The file's name in errors.
    pub name: String,
    /// The bucket that the object would be in.
    pub bucket: String,
    /// The key that the object would have.
    pub key: String,
    /// The type of the object. Without it, the key decides.
    pub kind: Option<ObjectType>,
    /// The time when the file was written.
    pub last_modified: Timestamp,
}

impl<O: ObjectStore> Intake<O> {
    /// Reads the file's bytes, and gives their entries to `sink`.
    pub async fn read_file<R>(
        &self,
        file: &LocalFile,
        bytes: R,
        progress: &mut EventProgress,
        sink: &mut impl EntrySink,
    ) where
        R: AsyncRead + AsyncSeek + Unpin + Send,
    {
        let item = progress.add(ItemProgress::new(file.name.clone(), None));
        let mut intake = ItemIntake::new(self, item, progress, sink);
        let read = read(&mut intake, file, bytes).await;
        intake.finish(read).await;
        progress.set_read(item);
    }
}

async fn read<R, O, S>(intake: &mut ItemIntake<'_, O, S>, file: &LocalFile, bytes: R) -> Result<(), ReadError>
where
    O: ObjectStore,
    R: AsyncRead + AsyncSeek + Unpin + Send,
    S: EntrySink,
{
    let kind = match &file.kind {
        Some(kind) => Some(kind.clone()),
        None => intake.object_type(&file.name, &file.bucket, &file.key)?,
    };
    let Some(kind) = kind else {
        return Ok(());
    };
    intake.set_object_metadata(&file.bucket, &file.key);
    let source = FileSource::new(file.name.clone(), bytes).await;
    let read = ObjectToRead {
        name: &file.name,
        key: &file.key,
        kind: &kind,
        last_modified: file.last_modified,
    };
    intake.object_content(read, Decompressed::new(source)).await
}
