//! The bytes that the system holds for a process: received, but not read yet.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::task::JoinHandle;
use tokio::time;

/// The time between two looks.
const INTERVAL: Duration = Duration::from_millis(2);

/// A watch over the connections to a server, in a task of its own.
pub(crate) struct SocketWatch {
    most: Arc<AtomicU64>,
    task: JoinHandle<()>,
}

impl SocketWatch {
    /// Begins to watch the connections to a server, given by the URL of its IPv4 address.
    pub(crate) fn start(url: &str) -> Self {
        let port = url
            .rsplit_once(':')
            .and_then(|(_, port)| port.parse::<u16>().ok());
        let port = port.expect("the URL should end with a port");
        let most = Arc::new(AtomicU64::new(0));
        let seen = Arc::clone(&most);
        let task = tokio::spawn(async move {
            loop {
                let table = fs::read_to_string("/proc/net/tcp").unwrap();
                seen.fetch_max(unread(&table, port), Ordering::Relaxed);
                time::sleep(INTERVAL).await;
            }
        });
        Self { most, task }
    }

    /// Ends the watch, and returns the most bytes that were received from the server and not read yet at one time.
    pub(crate) fn stop(self) -> u64 {
        self.task.abort();
        self.most.load(Ordering::Relaxed)
    }
}

/// Returns the bytes that wait to be read from a port of other hosts (proc_net_tcp in the kernel's documentation): lines of
/// number, local address, remote address, state, `tx_queue:rx_queue`, all in hexadecimal.
fn unread(table: &str, port: u16) -> u64 {
    let connections = table.lines().skip(1).filter_map(|line| {
        let mut columns = line.split_whitespace().skip(2);
        let (_, remote) = columns.next()?.split_once(':')?;
        let (_, received) = columns.nth(1)?.split_once(':')?;
        (u16::from_str_radix(remote, 16).ok()? == port).then_some(u64::from_str_radix(received, 16).ok()?)
    });
    connections.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_waits_to_be_read_is_summed() {
        let table = "\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:1F90 00000000:0000 0A 00000000:00000007 00:00000000 00000000     0        0 1
   1: 0100007F:C001 0100007F:1F90 01 00000000:00010000 00:00000000 00000000     0        0 2
   2: 0100007F:C002 0100007F:1F90 01 00000005:00000010 00:00000000 00000000     0        0 3
   3: 0100007F:1F90 0100007F:C002 01 00000005:00000100 00:00000000 00000000     0        0 4
";
        assert_eq!(unread(table, 8080), 0x1_0010);
        assert_eq!(unread(table, 8081), 0);
    }
}
