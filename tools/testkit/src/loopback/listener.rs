//! A port of the loopback, and the loop that accepts connections on it.

use std::future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinHandle, JoinSet};

/// The number of connections that may wait to be accepted.
const BACKLOG: u32 = 1024;

/// A listener on a free port that passes each connection to a function, until it is dropped.
#[derive(Debug)]
pub(crate) struct Listener {
    address: SocketAddr,
    accepting: JoinHandle<()>,
    /// The orders to the loop, each with a channel that reports when it is done.
    orders: mpsc::Sender<(Order, oneshot::Sender<()>)>,
}

#[derive(Debug)]
enum Order {
    CloseConnections,
    Refuse,
    Accept,
}

impl Listener {
    pub(crate) async fn start<S, F>(serve: S) -> Self
    where
        S: Fn(TcpStream) -> F + Send + 'static,
        F: Future<Output = ()> + Send + 'static,
    {
        let port = bind((Ipv4Addr::LOCALHOST, 0).into());
        let address = port.local_addr().unwrap();
        let listener = listen(address);
        let (orders, to_do) = mpsc::channel(1);
        Self {
            address,
            accepting: tokio::spawn(accept(port, listener, serve, to_do)),
            orders,
        }
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Closes every connection. Whether new ones are accepted does not change.
    pub(crate) async fn close_connections(&self) {
        self.order(Order::CloseConnections).await;
    }

    /// Closes the port. Open connections stay open.
    pub(crate) async fn refuse_connections(&self) {
        self.order(Order::Refuse).await;
    }

    /// Opens the port again.
    pub(crate) async fn accept_connections(&self) {
        self.order(Order::Accept).await;
    }

    async fn order(&self, order: Order) {
        let (done, is_done) = oneshot::channel();
        self.orders.send((order, done)).await.unwrap();
        is_done.await.unwrap();
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        // The task owns the connections, so they are closed with it.
        self.accepting.abort();
    }
}

/// Accepts connections and executes orders. `port` is bound but does not listen; it reserves the port number while the
/// listener is closed, so that no other server on this machine gets it.
async fn accept<S, F>(
    port: TcpSocket,
    listener: TcpListener,
    serve: S,
    mut to_do: mpsc::Receiver<(Order, oneshot::Sender<()>)>,
) where
    S: Fn(TcpStream) -> F,
    F: Future<Output = ()> + Send + 'static,
{
    let mut listener = Some(listener);
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            accepted = next(listener.as_ref()) => {
                if let Ok(stream) = accepted {
                    connections.spawn(serve(stream));
                }
            }
            Some((order, done)) = to_do.recv() => {
                match order {
                    Order::CloseConnections => connections.shutdown().await,
                    Order::Refuse => listener = None,
                    Order::Accept => {
                        listener.get_or_insert_with(|| listen(port.local_addr().unwrap()));
                    }
                }
                // The sender of the order may have stopped waiting.
                let _ = done.send(());
            }
            Some(_) = connections.join_next() => {}
        }
    }
}

async fn next(listener: Option<&TcpListener>) -> io::Result<TcpStream> {
    let Some(listener) = listener else {
        return future::pending().await;
    };
    let (stream, _) = listener.accept().await?;
    // Small responses must not wait for the peer's delayed acknowledgement.
    let _ = stream.set_nodelay(true);
    Ok(stream)
}

fn bind(address: SocketAddr) -> TcpSocket {
    let socket = TcpSocket::new_v4().unwrap();
    // Two sockets share the port, and one of them may be bound while old connections still use it.
    socket.set_reuseaddr(true).unwrap();
    socket.set_reuseport(true).unwrap();
    socket.bind(address).unwrap();
    socket
}

fn listen(address: SocketAddr) -> TcpListener {
    bind(address).listen(BACKLOG).unwrap()
}
