//! A network link between a client and a server, with a limited speed and connections that can die unnoticed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::time::sleep;

use crate::loopback::Listener;

/// A link: a port of the loopback whose connections are forwarded to another port.
#[derive(Debug)]
pub struct Link {
    listener: Listener,
    wire: Arc<Wire>,
}

/// The state that all connections of a link share.
#[derive(Debug)]
struct Wire {
    target: SocketAddr,
    /// The number of bytes a second that each connection carries to the server; 0 means no limit.
    speed: AtomicU64,
    /// The number of times that connections were made to die. Connections accepted at an earlier number are dead.
    deaths: watch::Sender<u64>,
    open: AtomicUsize,
    /// The number of connections so far.
    accepted: AtomicUsize,
}

/// The interval at which bytes are forwarded while the speed is limited, in milliseconds.
const TICK: u64 = 10;

impl Link {
    /// Starts a link to the server at an address.
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

    /// Returns the address of the link.
    pub fn address(&self) -> SocketAddr {
        self.listener.address()
    }

    /// Returns the push URL through the link, for `WRITE_ADDRESS`.
    pub fn push_url(&self) -> String {
        format!("http://{}/loki/api/v1/push", self.address())
    }

    /// Returns the number of connections so far.
    pub fn connections(&self) -> usize {
        self.wire.accepted.load(Ordering::Relaxed)
    }

    /// Sets the number of bytes a second that each connection carries to the server; 0 means no limit.
    pub fn limit_speed(&self, bytes_per_second: u64) {
        self.wire.speed.store(bytes_per_second, Ordering::Relaxed);
    }

    /// Makes all open connections die, as when a NAT gateway forgets them: nothing passes in either direction any
    /// more, and neither end is told. New connections work. Returns the number of connections that died.
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
                // The number is at most the length of the buffer, so it fits.
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
