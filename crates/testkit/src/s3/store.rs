//! An S3 implementation by others, in this process.

use std::fs;
use std::net::{Ipv4Addr, SocketAddr};

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::{S3Service, S3ServiceBuilder};
use s3s_fs::FileSystem;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, JoinSet};

/// `s3s-fs` over a directory of its own, on a free port of the loopback.
///
/// It checks signatures against one pair of keys and implements ranges, but not `If-Match`.
#[derive(Debug)]
pub struct S3Store {
    address: SocketAddr,
    directory: TempDir,
    accepting: JoinHandle<()>,
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
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        Self {
            address: listener.local_addr().unwrap(),
            directory,
            accepting: tokio::spawn(accept(listener, builder.build())),
        }
    }

    /// Where it is, for `AWS_ENDPOINT_URL_S3`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Keeps the bytes under this key, written now.
    pub fn put(&self, bucket: &str, key: &str, bytes: impl AsRef<[u8]>) {
        let path = self.directory.path().join(bucket).join(key);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
}

impl Drop for S3Store {
    fn drop(&mut self) {
        // The connections are the task's own and go with it.
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, service: S3Service) {
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => {
                if let Ok((stream, _)) = accepted {
                    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service.clone());
                    connections.spawn(async move {
                        // The client may close as it likes.
                        let _ = connection.await;
                    });
                }
            }
            Some(_) = connections.join_next() => {}
        }
    }
}
