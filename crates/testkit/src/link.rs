//! A network between a client and a server: as slow as the test says, and connections may die without a word.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::loopback::Listener;

/// A port of the loopback whose connections lead to another.
#[derive(Debug)]
pub struct Link {
    listener: Listener,
    wire: Arc<Wire>,
}

/// What all connections of a link share.
#[derive(Debug)]
struct Wire {
    target: SocketAddr,
    /// Bytes a second that each connection carries to the server; 0 for as many as come.
    speed: AtomicU64,
    /// How often connections died. Those of an earlier number are dead.
    deaths: watch::Sender<u64>,
    open: AtomicUsize,
    /// How many connections there ever were.
    accepted: AtomicUsize,
}

/// What is carried at a time while there is a limit, in milliseconds.
const TICK: u64 = 10;

impl Link {
    /// Leads to the server at this address.
    pub async fn start(target: SocketAddr) -> Self {
        let wire = Arc::new(Wire {
            target,
            speed: AtomicU64::new(0),
            deaths: watch::Sender::default(),
            open: AtomicUsize::new(0),
            accepted: AtomicUsize::new(0),
        });
        let shared = Arc::clone(&wire);
        let listener = Listener::start(move |stream| {
            let wire = Arc::clone(&shared);
            async move { wire.carry(stream).await }
        });
        Self {
            listener: listener.await,
            wire,
        }
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.listener.address()
    }

    /// Returns the push URL through the link, for `WRITE_ADDRESS`.
    pub fn push_url(&self) -> String {
        format!("http://{}/loki/api/v1/push", self.address())
    }

    /// Returns how many connections there ever were.
    pub fn connections(&self) -> usize {
        self.wire.accepted.load(Ordering::Relaxed)
    }

    /// From now on carries so many bytes a second to the server, on each connection; 0 for as many as come.
    pub fn limit_speed(&self, bytes_per_second: u64) {
        self.wire.speed.store(bytes_per_second, Ordering::Relaxed);
    }

    /// Lets the connections die that are open now, as when a NAT gateway forgets them: nothing passes any more, in
    /// either direction, and nobody is told. New ones work. Returns how many died.
    pub fn kill_connections(&self) -> usize {
        let open = self.wire.open.load(Ordering::Relaxed);
        self.wire.deaths.send_modify(|deaths| *deaths += 1);
        open
    }
}

impl Wire {
    async fn carry(&self, mut client: TcpStream) {
        self.accepted.fetch_add(1, Ordering::Relaxed);
        let mut deaths = self.deaths.subscribe();
        deaths.mark_unchanged();
        let Ok(mut server) = TcpStream::connect(self.target).await else {
            return;
        };
        let _ = server.set_nodelay(true);
        self.open.fetch_add(1, Ordering::Relaxed);
        let (from_client, to_client) = client.split();
        let (from_server, to_server) = server.split();
        let is_dead = tokio::select! {
            () = self.carry_up(from_client, to_server) => false,
            () = carry_down(from_server, to_client) => false,
            _ = deaths.changed() => true,
        };
        self.open.fetch_sub(1, Ordering::Relaxed);
        if is_dead {
            // Both ends stay open until the link is dropped.
            std::future::pending::<()>().await;
        }
    }

    async fn carry_up(&self, mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let speed = self.speed.load(Ordering::Relaxed);
            let most = match speed {
                0 => buffer.len(),
                // Not more than the buffer, and so a usize.
                _ => (speed * TICK / 1_000).clamp(1, buffer.len() as u64) as usize,
            };
            let Ok(count @ 1..) = from.read(&mut buffer[..most]).await else {
                return;
            };
            if let Some(micros) = (count as u64 * 1_000_000).checked_div(speed) {
                sleep(Duration::from_micros(micros)).await;
            }
            if to.write_all(&buffer[..count]).await.is_err() {
                return;
            }
        }
    }
}

async fn carry_down(mut from: impl AsyncRead + Unpin, mut to: impl AsyncWrite + Unpin) {
    let _ = tokio::io::copy(&mut from, &mut to).await;
}
