//! Samples of the logs that AWS writes to S3, with what is expected of them.
//!
//! They are in `crates/aws-logs/tests/samples/s3/<type>/<name>/`: the file `object` holds the bytes of the object,
//! before compression, and the file `expected` the rest:
//!
//! ```text
//! key: <the object's key>
//! labels: <its labels, as Loki writes them>
//! <time> <line>
//! ```
//!
//! There is a row for each line that is shipped, with a time as RFC 3339 writes it. In a line, `\n` stands for a line
//! break and `\\` for a backslash.

use std::fs;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::s3::Object;

/// The time when the objects were written, in seconds: 2026-03-04T05:10:00Z.
pub const LAST_MODIFIED: i64 = 1_772_601_000;
/// The bucket of the objects.
pub const BUCKET: &str = "my-logs";

/// An object, and what is expected of it.
#[derive(Clone, Debug)]
pub struct S3Sample {
    /// The folder of its type, which is named like the value of `__aws_log_type`.
    pub log_type: String,
    /// The folder of the sample.
    pub name: String,
    /// The key of the object.
    pub key: String,
    /// The bytes of the object, before compression.
    pub bytes: Vec<u8>,
    /// The labels of its stream.
    pub labels: String,
    /// The time in nanoseconds and the text of each line.
    pub lines: Vec<(i128, String)>,
}

impl S3Sample {
    /// Returns the object, compressed if its key says so.
    pub fn object(&self) -> Object {
        let bytes = match self.key.ends_with(".gz") {
            true => crate::compress::gzip(&self.bytes),
            false => self.bytes.clone(),
        };
        Object::new(bytes).last_modified(LAST_MODIFIED)
    }
}

/// Returns all samples, ordered by type and name.
///
/// # Panics
/// Panics if a folder is not laid out as described above.
pub fn s3_samples() -> Vec<S3Sample> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../crates/aws-logs/tests/samples/s3");
    let samples: Vec<S3Sample> = folders(&root)
        .iter()
        .flat_map(|log_type| folders(log_type))
        .map(|folder| sample(&folder))
        .collect();
    assert!(!samples.is_empty(), "no samples in {}", root.display());
    samples
}

/// Returns the folders in a folder, which must contain nothing else.
fn folders(parent: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = fs::read_dir(parent)
        .unwrap_or_else(|error| panic!("{}: {error}", parent.display()))
        .map(|entry| entry.unwrap().path())
        .collect();
    folders.sort();
    for folder in &folders {
        assert!(
            folder.is_dir(),
            "{} is not a folder of a sample",
            folder.display()
        );
    }
    assert!(!folders.is_empty(), "{} has no samples", parent.display());
    folders
}

fn sample(folder: &Path) -> S3Sample {
    let read = |name: &str| {
        let path = folder.join(name);
        fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let expected = String::from_utf8(read("expected")).unwrap();
    let mut rows = expected.lines();
    let mut value = |name: &str| {
        let row = rows.next().unwrap_or_default();
        let value = row.strip_prefix(name).and_then(|row| row.strip_prefix(": "));
        value
            .unwrap_or_else(|| panic!("{}: expected `{name}: ...`, found {row:?}", folder.display()))
            .to_owned()
    };
    let (key, labels) = (value("key"), value("labels"));
    let lines = rows.map(|row| line(row).unwrap_or_else(|| panic!("{}: {row:?}", folder.display())));
    let lines = lines.collect();
    let name_of = |folder: &Path| folder.file_name().unwrap().to_str().unwrap().to_owned();
    S3Sample {
        log_type: name_of(folder.parent().unwrap()),
        name: name_of(folder),
        key,
        bytes: read("object"),
        labels,
        lines,
    }
}

/// Returns the time and the text of a row.
fn line(row: &str) -> Option<(i128, String)> {
    let (time, text) = row.split_once(' ')?;
    let time: Timestamp = time.parse().ok()?;
    let mut line = String::new();
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        line.push(match character {
            '\\' => match characters.next()? {
                'n' => '\n',
                '\\' => '\\',
                _ => return None,
            },
            character => character,
        });
    }
    Some((time.as_nanosecond(), line))
}
