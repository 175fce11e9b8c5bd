//! A file that is read as if it were an S3 object.

use aws_clients::Decompressed;
use loki_push::Timestamp;
use tokio::io::AsyncRead;

use super::item_intake::ItemIntake;
use super::{EntrySink, Intake, Item, ReadError, Reading};

/// A file that is read as if it were an S3 object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalFile {
    /// What it is called in errors.
    pub name: String,
    /// The bucket it would lie in.
    pub bucket: String,
    /// The key it would have, which tells its type.
    pub key: String,
    /// When it was written.
    pub last_modified: Timestamp,
}

impl Intake {
    /// Reads the file's bytes into `sink`.
    pub async fn read_file<R>(
        &self,
        file: &LocalFile,
        bytes: R,
        reading: &mut Reading,
        sink: &mut impl EntrySink,
    ) where
        R: AsyncRead + Unpin + Send,
    {
        let item = reading.add(Item::new(file.name.clone(), None));
        let mut intake = ItemIntake::new(self, item, reading, sink);
        let read = read(&mut intake, file, bytes).await;
        intake.finish(read).await;
        reading.set_read(item);
    }
}

async fn read<R, S>(intake: &mut ItemIntake<'_, S>, file: &LocalFile, bytes: R) -> Result<(), ReadError>
where
    R: AsyncRead + Unpin + Send,
    S: EntrySink,
{
    let Some(kind) = intake.object_type(&file.name, &file.bucket, &file.key)? else {
        return Ok(());
    };
    let blocks = Decompressed::from_reader(&*file.name, bytes);
    intake
        .object_lines(&file.name, &kind, file.last_modified, blocks)
        .await
}
