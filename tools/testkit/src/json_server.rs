//! A server that gives prepared responses, one per connection.

use std::io;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// A server on a free port of the loopback interface, which runs until it is dropped.
#[derive(Debug)]
pub struct JsonServer {
    url: String,
    requests: Arc<Mutex<Vec<String>>>,
    accepting: JoinHandle<()>,
}

/// A status, further headers (each with its line break), and a body, whose length a header may misstate.
pub type Answer = (u16, &'static str, String);

impl JsonServer {
    /// Starts a server that gives the responses in turn, and repeats the last one.
    pub async fn start(answers: impl IntoIterator<Item = Answer>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let answers: Vec<Answer> = answers.into_iter().collect();
        let seen = Arc::clone(&requests);
        let accepting = tokio::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                let Ok(request) = read(&mut stream).await else {
                    // The client gave up.
                    continue;
                };
                let count = seen.lock().unwrap().len();
                seen.lock().unwrap().push(request);
                let (status, headers, body) = &answers[count.min(answers.len() - 1)];
                let length = match headers.contains("content-length") {
                    true => String::new(),
                    false => format!("content-length: {}\r\n", body.len()),
                };
                let answer = format!(
                    "HTTP/1.1 {status} \r\ncontent-type: application/x-amz-json-1.1\r\nconnection: close\r\n\
                     x-amzn-requestid: 7a62-{count}\r\n{length}{headers}\r\n{body}"
                );
                // The client may have given up.
                let _ = stream.write_all(answer.as_bytes()).await;
            }
        });
        Self {
            url,
            requests,
            accepting,
        }
    }

    /// Returns the address of the server.
    pub fn url(&self) -> String {
        self.url.clone()
    }

    /// Returns the head and body of each request.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

impl Drop for JsonServer {
    fn drop(&mut self) {
        self.accepting.abort();
    }
}

async fn read(stream: &mut TcpStream) -> io::Result<String> {
    let mut read = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&read);
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |length| length.parse().unwrap());
            if body.len() >= length {
                return Ok(text.into_owned());
            }
        }
        if stream.read_buf(&mut read).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
    }
}
