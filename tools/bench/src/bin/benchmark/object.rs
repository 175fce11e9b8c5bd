//! An object of a generated corpus in an S3, and the function that reads it.

use std::fs::File;
use std::io::BufWriter;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::json;
use tempfile::TempDir;
use testkit::corpora::Corpus;
use testkit::lambda::LambdaBuilder;
use testkit::s3::{Object, S3};

use crate::function;

const BUCKET: &str = "logs";
const SEED: u64 = 7;

/// A gzipped object that a local S3 serves.
pub(crate) struct StoredObject {
    pub(crate) records: usize,
    corpus: Corpus,
    directory: TempDir,
    s3: S3,
}

impl StoredObject {
    /// Creates an object of this many bytes before compression.
    pub(crate) async fn new(corpus: Corpus, bytes: u64) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("object.gz");
        let file = BufWriter::new(File::create(&path).unwrap());
        let mut gzip = GzEncoder::new(file, Compression::default());
        let records = corpus.write(&mut gzip, bytes, SEED).unwrap();
        gzip.finish().unwrap().into_inner().unwrap();
        let s3 = S3::start().await;
        s3.put(BUCKET, corpus.key(), Object::file(path).unwrap());
        Self {
            records,
            corpus,
            directory,
            s3,
        }
    }

    /// Returns the path of the object's bytes.
    pub(crate) fn path(&self) -> PathBuf {
        self.directory.path().join("object.gz")
    }

    /// Returns a function that reads the object from the S3 and pushes to `write_address`.
    pub(crate) fn shipped_to(&self, write_address: String, settings: &[(String, String)]) -> LambdaBuilder {
        function::release(settings)
            .env("WRITE_ADDRESS", write_address)
            .env("AWS_ENDPOINT_URL_S3", self.s3.url())
    }

    /// Returns the event that announces the object.
    pub(crate) fn event(&self) -> String {
        let record = json!({
            "eventSource": "aws:s3",
            "awsRegion": "eu-west-1",
            "eventName": "ObjectCreated:Put",
            "s3": {"bucket": {"name": BUCKET}, "object": {"key": self.corpus.key()}},
        });
        json!({"Records": [record]}).to_string()
    }
}
