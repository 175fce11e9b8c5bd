//! Secrets Manager, SSM, CloudWatch Logs, S3, SQS and Kinesis, simulated by moto's server, a process that only uses the
//! loopback.

mod binary;
mod queues;

use std::fs::File;
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::Stdio;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::process::{Child, Command};

use crate::loopback;
pub use queues::ReceivedMessage;

/// The maximum time of a start, which takes a second or two on an idle machine.
const START: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(50);
/// The number of log lines that a failure shows.
const LOG_TAIL: usize = 40;

/// A running moto without content, killed when it is dropped.
///
/// It does not check signatures or permissions. It takes the region from the scope of the signature, and keeps the
/// regions apart. Reading a `SecureString` without decryption does not return its plain value.
#[derive(Debug)]
pub struct Moto {
    process: Child,
    address: SocketAddr,
    directory: TempDir,
}

impl Moto {
    /// The account that owns all content.
    pub const ACCOUNT: &str = "123456789012";

    /// Starts the installed moto and waits until it answers.
    ///
    /// # Panics
    /// Panics when moto is not installed, with what to do, or when it does not answer, with its log.
    pub async fn start() -> Self {
        let binary = binary::find();
        let directory = tempfile::Builder::new().prefix("moto-").tempdir().unwrap();
        let address = free_address();
        let log = File::create(directory.path().join("log")).unwrap();
        let process = Command::new(&binary)
            .args(["-H", &address.ip().to_string(), "-p", &address.port().to_string()])
            .env_clear()
            .current_dir(directory.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().unwrap())
            .stderr(log)
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("cannot start {}: {error}", binary.display()));
        let mut moto = Self {
            process,
            address,
            directory,
        };
        moto.wait_until_it_answers().await;
        moto
    }

    /// Returns the URL of the server, for `AWS_ENDPOINT_URL`.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Stores a secret in Secrets Manager and returns its ARN.
    pub async fn put_secret(&self, region: &str, name: &str, value: &str) -> String {
        let secret = json!({ "Name": name, "SecretString": value });
        self.create_secret(region, secret).await
    }

    /// Stores a binary secret, given in base64, in Secrets Manager and returns its ARN.
    pub async fn put_binary_secret(&self, region: &str, name: &str, base64: &str) -> String {
        let secret = json!({ "Name": name, "SecretBinary": base64 });
        self.create_secret(region, secret).await
    }

    /// Sets a new value of a secret. The one before becomes `AWSPREVIOUS`.
    pub async fn update_secret(&self, region: &str, arn: &str, value: &str) {
        let secret = json!({ "SecretId": arn, "SecretString": value });
        self.call(region, "secretsmanager", "secretsmanager.PutSecretValue", secret)
            .await;
    }

    /// Stores a parameter in SSM, encrypted if `kind` is `SecureString`, and returns its ARN.
    pub async fn put_parameter(&self, region: &str, name: &str, kind: &str, value: &str) -> String {
        let parameter = json!({ "Name": name, "Type": kind, "Value": value });
        self.call(region, "ssm", "AmazonSSM.PutParameter", parameter)
            .await;
        let name = name.trim_start_matches('/');
        format!("arn:aws:ssm:{region}:{}:parameter/{name}", Self::ACCOUNT)
    }

    /// Creates a log group with these tags.
    pub async fn put_log_group(&self, region: &str, name: &str, tags: Value) {
        let group = json!({ "logGroupName": name, "tags": tags });
        self.call(region, "logs", "Logs_20140328.CreateLogGroup", group)
            .await;
    }

    /// Creates a bucket in S3.
    pub async fn put_bucket(&self, region: &str, bucket: &str) {
        self.put(region, bucket, Vec::new()).await;
    }

    /// Stores an object in S3. The key has only characters that a path may have.
    pub async fn put_object(&self, region: &str, bucket: &str, key: &str, bytes: Vec<u8>) {
        self.put(region, &format!("{bucket}/{key}"), bytes).await;
    }

    async fn put(&self, region: &str, path: &str, bytes: Vec<u8>) {
        let request = Request::put(format!("{}/{path}", self.url()))
            .header("Authorization", authorization(region, "s3"))
            .body(Bytes::from(bytes))
            .unwrap();
        match loopback::send(request).await {
            Ok(answer) if answer.status().is_success() => {}
            Ok(answer) => self.fail(&format!("PUT {path} gave {}", answer.status())),
            Err(error) => self.fail(&format!("PUT {path} failed: {error}")),
        }
    }

    async fn create_secret(&self, region: &str, secret: Value) -> String {
        let answer = self
            .call(region, "secretsmanager", "secretsmanager.CreateSecret", secret)
            .await;
        answer["ARN"].as_str().unwrap().to_owned()
    }

    async fn call(&self, region: &str, service: &str, target: &str, body: Value) -> Value {
        let request = Request::post(self.url())
            .header("Content-Type", "application/x-amz-json-1.1")
            .header("X-Amz-Target", target)
            .header("Authorization", authorization(region, service))
            .body(Bytes::from(body.to_string()))
            .unwrap();
        let answer = match loopback::send(request).await {
            Ok(answer) => answer,
            Err(error) => self.fail(&format!("{target} failed: {error}")),
        };
        let body = String::from_utf8_lossy(answer.body());
        if !answer.status().is_success() {
            self.fail(&format!("{target} gave {}: {body}", answer.status()));
        }
        if body.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&body).unwrap_or_else(|_| self.fail(&format!("{target} gave {body}")))
    }

    async fn wait_until_it_answers(&mut self) {
        let limit = Instant::now() + START;
        while !self.answers().await {
            if let Some(status) = self.process.try_wait().unwrap() {
                self.fail(&format!("it ended with {status} instead of answering"));
            }
            if Instant::now() > limit {
                self.fail(&format!("it does not answer after {START:?}"));
            }
            tokio::time::sleep(POLL).await;
        }
    }

    async fn answers(&self) -> bool {
        let request = Request::get(format!("{}/moto-api/data.json", self.url()))
            .body(Bytes::new())
            .unwrap();
        loopback::send(request)
            .await
            .is_ok_and(|answer| answer.status().is_success())
    }

    fn fail(&self, what: &str) -> ! {
        let log = std::fs::read(self.directory.path().join("log")).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<&str> = log.lines().collect();
        let tail = lines[lines.len().saturating_sub(LOG_TAIL)..].join("\n");
        panic!("moto: {what}; the end of its log:\n{tail}");
    }
}

/// Returns a header with a signature's scope, from which moto takes the region.
fn authorization(region: &str, service: &str) -> String {
    format!(
        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260101/{region}/{service}/aws4_request, \
         SignedHeaders=host, Signature=0"
    )
}

fn free_address() -> SocketAddr {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .unwrap()
        .local_addr()
        .unwrap()
}
