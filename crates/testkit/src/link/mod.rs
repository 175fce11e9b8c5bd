//! A network link in front of a server: it can forget its connections as a NAT does, and can be slow.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy};
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::loopback::Listener;

/// Bytes that a slow link passes on at one time.
const CHUNK: usize = 2_048;

/// A link on a free port of the loopback, which leads to one address.
#[derive(Debug)]
pub struct Link {
    listener: Listener,
    state: Arc<State>,
}

#[derive(Debug)]
struct State {
    to: SocketAddr,
    accepted: AtomicUsize,
    bytes_per_second: AtomicUsize,
    /// The connections accepted before this many others are dead.
    dead: watch::Sender<usize>,
}

impl Link {
    /// A fast link to that address.
    pub async fn start_to(to: SocketAddr) -> Self {
        let state = Arc::new(State {
            to,
            accepted: AtomicUsize::new(0),
            bytes_per_second: AtomicUsize::new(usize::MAX),
            dead: watch::Sender::new(0),
        });
        let shared = Arc::clone(&state);
        let listener = Listener::start(move |stream| {
            let state = Arc::clone(&shared);
            async move { state.serve(stream).await }
        });
        Self {
            listener: listener.await,
            state,
        }
    }

    /// The push URL through the link, for `WRITE_ADDRESS`.
    pub fn push_url(&self) -> String {
        format!("http://{}/loki/api/v1/push", self.listener.address())
    }

    /// How many connections were accepted.
    pub fn connections(&self) -> usize {
        self.state.accepted.load(Ordering::Relaxed)
    }

    /// From now on passes nothing on over the connections there are, without a word to either end. New ones work.
    pub fn forget_connections(&self) {
        self.state.dead.send_replace(self.connections());
    }

    /// From now on each connection carries at most so many bytes a second to the server.
    pub fn limit(&self, bytes_per_second: usize) {
        self.state
            .bytes_per_second
            .store(bytes_per_second, Ordering::Relaxed);
    }
}

impl State {
    async fn serve(&self, client: TcpStream) {
        let number = self.accepted.fetch_add(1, Ordering::Relaxed);
        let Ok(server) = TcpStream::connect(self.to).await else {
            return;
        };
        let _ = server.set_nodelay(true);
        let (mut client, mut server) = (client, server);
        let mut dead = self.dead.subscribe();
        {
            let (mut from_client, mut to_client) = client.split();
            let (mut from_server, mut to_server) = server.split();
            tokio::select! {
                biased;
                _ = dead.wait_for(|dead| number < *dead) => {}
                () = self.pass_on(&mut from_client, &mut to_server) => return,
                _ = copy(&mut from_server, &mut to_client) => return,
            }
        }
        // Both ends stay open.
        std::future::pending::<()>().await;
    }

    async fn pass_on(&self, from: &mut (impl AsyncRead + Unpin), to: &mut (impl AsyncWrite + Unpin)) {
        let mut chunk = [0; CHUNK];
        loop {
            let Ok(len @ 1..) = from.read(&mut chunk).await else {
                return;
            };
            let rate = self.bytes_per_second.load(Ordering::Relaxed);
            if rate != usize::MAX {
                tokio::time::sleep(Duration::from_secs_f64(len as f64 / rate as f64)).await;
            }
            if to.write_all(&chunk[..len]).await.is_err() {
                return;
            }
        }
    }
}
