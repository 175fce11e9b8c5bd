//! An S3 implementation by others, in this process.

use std::fs;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use s3s_fs::FileSystem;
use tempfile::TempDir;

use crate::loopback::Listener;

/// `s3s-fs` over a directory of its own, on a free port of the loopback.
///
/// It checks signatures against one pair of keys and implements ranges, but not `If-Match`.
#[derive(Debug)]
pub struct S3Store {
    listener: Listener,
    directory: TempDir,
}

impl S3Store {
    /// The access key it knows.
    pub const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
    /// The secret key that belongs to it.
    pub const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    /// A server without objects.
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
                // The client may close as it likes.
                let _ = connection.await;
            }
        });
        Self {
            listener: listener.await,
            directory,
        }
    }

    /// Where it is, for `AWS_ENDPOINT_URL_S3`.
    pub fn url(&self) -> String {
        format!("http://{}", self.listener.address())
    }

    /// Keeps the bytes under this key, written now.
    pub fn put(&self, bucket: &str, key: &str, bytes: impl AsRef<[u8]>) {
        let path = self.directory.path().join(bucket).join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}
