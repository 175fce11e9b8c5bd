//! A third-party implementation of S3, which runs in this process.

use std::fs;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tempfile::TempDir;

use crate::loopback::Listener;

/// An `s3s-fs` server with its own directory, on a free port of the loopback.
///
/// It checks signatures against one pair of keys and implements ranges, but not `If-Match`.
#[derive(Debug)]
pub struct S3Store {
    listener: Listener,
    directory: TempDir,
}

impl S3Store {
    /// The only access key that it accepts.
    pub const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
    /// The secret key that belongs to it.
    pub const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    /// Starts a server without objects.
    pub async fn start() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let files = FileSystem::new(directory.path()).unwrap();
        let mut builder = S3ServiceBuilder::new(files);
        builder.set_auth(SimpleAuth::from_single(
            Self::ACCESS_KEY_ID,
            Self::SECRET_ACCESS_KEY,
        ));
        let service = builder.build();
        let listener = Listener::start(move |stream| {
            let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service.clone());
            async move {
                // Errors are ignored, since the client may close at any time.
                let _ = connection.await;
            }
        });
        Self {
            listener: listener.await,
            directory,
        }
    }

    /// Returns the URL of the server, for `AWS_ENDPOINT_URL_S3`.
    pub fn url(&self) -> String {
        format!("http://{}", self.listener.address())
    }

    /// Stores bytes under a key, with the current time.
    pub fn put(&self, bucket: &str, key: &str, bytes: impl AsRef<[u8]>) {
        let path = self.directory.path().join(bucket).join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
