//! The file that records which objects are finished.

use std::collections::HashSet;
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use super::object_id::ObjectId;

/// A record of finished objects, which is continued by each run for the same prefix.
///
/// The first line names the prefix. Each other line has the id of an object and its key, as a JSON string, for people. A
/// line is written with one call after Loki has acknowledged all lines of the object. A last line that is torn, because
/// the machine went down, is removed: its object is shipped again, which changes nothing in Loki.
#[derive(Debug)]
pub(crate) struct Resume {
    path: PathBuf,
    file: File,
    finished: HashSet<ObjectId>,
}

/// An error of the file.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ResumeError {
    #[error("{}: {source}", path.display())]
    File { path: PathBuf, source: io::Error },
    #[error("{}: another run is using this file", path.display())]
    InUse { path: PathBuf },
    #[error("{}: the file records another backfill, of {recorded}; give {prefix} a file of its own", path.display())]
    Other {
        path: PathBuf,
        recorded: String,
        prefix: String,
    },
    #[error("{}: line {line} is not one of a backfill's record; to start anew, give the name of a new file", path.display())]
    NotARecord { path: PathBuf, line: u64 },
}

const HEADER: &str = "lambda-promtail backfill of ";

impl Resume {
    /// Opens or creates the record of the prefix, given as `s3://bucket/prefix/`, and reads which objects are finished.
    ///
    /// # Errors
    /// Returns an error if the file cannot be read or written, is in use, or records something else.
    pub(crate) fn open(path: &Path, prefix: &str) -> Result<Self, ResumeError> {
        let failed = |source| ResumeError::File {
            path: path.to_owned(),
            source,
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                return Err(ResumeError::InUse {
                    path: path.to_owned(),
                });
            }
            Err(TryLockError::Error(source)) => return Err(failed(source)),
        }
        let mut resume = Self {
            path: path.to_owned(),
            file,
            finished: HashSet::new(),
        };
        let header = format!("{HEADER}{}\n", serde_json::Value::from(prefix));
        let complete = resume.read(&header, prefix)?;
        resume.file.set_len(complete).map_err(failed)?;
        resume.file.seek(SeekFrom::Start(complete)).map_err(failed)?;
        if complete == 0 {
            resume.file.write_all(header.as_bytes()).map_err(failed)?;
        }
        Ok(resume)
    }

    /// Reads the finished objects, and returns the length of the complete lines in bytes.
    fn read(&mut self, header: &str, prefix: &str) -> Result<u64, ResumeError> {
        let mut lines = BufReader::new(&self.file);
        let mut complete = 0;
        for number in 1.. {
            let mut line = Vec::new();
            let read = lines.read_until(b'\n', &mut line);
            let length = read.map_err(|source| ResumeError::File {
                path: self.path.clone(),
                source,
            })?;
            let is_complete = line.last() == Some(&b'\n');
            // A torn header is the start of the right one; any other file is not touched.
            if !is_complete && (number > 1 || header.as_bytes().starts_with(&line)) {
                break;
            }
            let not_a_record = || ResumeError::NotARecord {
                path: self.path.clone(),
                line: number,
            };
            let text = str::from_utf8(&line).map_err(|_| not_a_record())?.trim_end();
            if number == 1 {
                let recorded = text
                    .strip_prefix(HEADER)
                    .filter(|_| is_complete)
                    .ok_or_else(not_a_record)?;
                let recorded: String = serde_json::from_str(recorded).map_err(|_| not_a_record())?;
                if recorded != prefix {
                    return Err(ResumeError::Other {
                        path: self.path.clone(),
                        recorded,
                        prefix: prefix.to_owned(),
                    });
                }
            } else {
                let id = text.split_once(' ').and_then(|(id, _)| ObjectId::parse(id));
                self.finished.insert(id.ok_or_else(not_a_record)?);
            }
            complete += length as u64;
        }
        Ok(complete)
    }

    /// Returns whether the object is finished.
    pub(crate) fn is_finished(&self, id: &ObjectId) -> bool {
        self.finished.contains(id)
    }

    /// Records that Loki has acknowledged all lines of an object.
    ///
    /// # Errors
    /// Returns an error if the file cannot be written.
    pub(crate) fn finish(&mut self, id: ObjectId, key: &str) -> Result<(), ResumeError> {
        let line = format!("{id} {}\n", serde_json::Value::from(key));
        // The operating system has the line once the call returns, so that it outlives this process.
        self.file
            .write_all(line.as_bytes())
            .map_err(|source| ResumeError::File {
                path: self.path.clone(),
                source,
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PREFIX: &str = "s3://logs/a/";

    fn id(key: &str) -> ObjectId {
        ObjectId::of(key, "\"e\"")
    }

    #[test]
    fn finished_objects_are_known_to_the_next_run() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        let mut resume = Resume::open(&path, PREFIX).unwrap();
        assert!(!resume.is_finished(&id("a/1")));
        resume.finish(id("a/1"), "a/1").unwrap();
        resume.finish(id("a/\n"), "a/\n").unwrap();
        let error = Resume::open(&path, PREFIX).unwrap_err().to_string();
        assert!(error.ends_with("another run is using this file"), "{error}");
        drop(resume);

        // Whatever the length at which a write was torn, the lines before it count.
        let written = std::fs::read(&path).unwrap();
        let ends: Vec<usize> = (0..written.len()).filter(|at| written[*at] == b'\n').collect();
        assert_eq!(ends.len(), 3);
        for length in 0..=written.len() {
            std::fs::write(&path, &written[..length]).unwrap();
            let mut resume = Resume::open(&path, PREFIX).unwrap();
            assert_eq!(resume.is_finished(&id("a/1")), length > ends[1], "{length}");
            assert_eq!(resume.is_finished(&id("a/\n")), length > ends[2], "{length}");
            assert!(!resume.is_finished(&ObjectId::of("a/1", "another")));
            resume.finish(id("a/2"), "a/2").unwrap();
            drop(resume);
            assert!(
                Resume::open(&path, PREFIX).unwrap().is_finished(&id("a/2")),
                "{length}"
            );
        }
    }

    #[test]
    fn a_file_of_something_else_is_not_touched() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("state");
        drop(Resume::open(&path, PREFIX).unwrap());
        let error = Resume::open(&path, "s3://logs/b/").unwrap_err().to_string();
        assert!(
            error.contains("another backfill, of s3://logs/a/; give s3://logs/b/ a file"),
            "{error}"
        );
        for (content, line) in [
            ("my notes", 1),
            ("my notes\n", 1),
            ("lambda-promtail backfill of \"s3://logs/a/\"\nx\n", 2),
        ] {
            std::fs::write(&path, content).unwrap();
            let error = Resume::open(&path, PREFIX).unwrap_err().to_string();
            assert!(error.contains(&format!("line {line} is not one")), "{error}");
            assert_eq!(std::fs::read_to_string(&path).unwrap(), content);
        }
    }
}
