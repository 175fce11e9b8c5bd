//! `ship s3://bucket/prefix/` against the test kit's S3 and receiver.

mod failures;
mod interruptions;
mod listings;
mod order;
mod speed;

use std::collections::BTreeSet;
use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

use testkit::receiver::Receiver;
use testkit::s3::S3;

pub(crate) const BUCKET: &str = "logs";

/// Returns the key of a load balancer's object of a minute, counted from 2026-03-01, and a number.
pub(crate) fn key(balancer: &str, minute: u32, number: usize) -> String {
    let (day, hour, minute) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
    format!(
        "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/{day:02}/111122223333_elasticloadbalancing_eu-west-1_app.{balancer}.0a1b2c3d4e5f6071_202603{day:02}T{hour:02}{minute:02}Z_10.0.3.4_{number:08}.log"
    )
}

/// Returns an object of a minute with this many lines, which no other object has.
pub(crate) fn lines(minute: u32, number: usize, count: usize) -> String {
    let (day, hour, minute) = (1 + minute / 1440, minute / 60 % 24, minute % 60);
    (0..count)
        .map(|line| {
            format!("https 2026-03-{day:02}T{hour:02}:{minute:02}:{:02}.{number:06}Z app/shop/0a1b line {line} of {number}\n", line % 60)
        })
        .collect()
}

/// The command line with an S3 and a receiver.
pub(crate) struct Backfill<'a> {
    pub(crate) s3: &'a S3,
    pub(crate) receiver: &'a Receiver,
}

/// Returns the command with an S3 and an address of Loki.
pub(crate) fn command(s3: &str, address: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_lambda-promtail-cli"));
    command
        .arg("ship")
        .args(arguments)
        .env_clear()
        .env("AWS_ENDPOINT_URL_S3", s3)
        .env("AWS_ACCESS_KEY_ID", "a")
        .env("AWS_SECRET_ACCESS_KEY", "b")
        .env("AWS_REGION", "eu-west-1")
        .env("WRITE_ADDRESS", address)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Backfill<'_> {
    pub(crate) fn command(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Command {
        let mut command = command(&self.s3.url(), &self.receiver.url(), arguments);
        command.envs(variables.iter().copied());
        command
    }

    pub(crate) async fn run(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = self.command(arguments, variables);
        tokio::task::spawn_blocking(move || command.output().unwrap())
            .await
            .unwrap()
    }

    /// Runs the command, and kills it after this time unless it ends before. Returns whether it was killed.
    pub(crate) async fn run_and_kill(&self, arguments: &[&str], after: Duration) -> bool {
        let mut child = self
            .command(arguments, &[])
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        tokio::time::sleep(after).await;
        let is_running = child.try_wait().unwrap().is_none();
        let _ = child.kill();
        child.wait().unwrap();
        is_running
    }
}

/// Returns the lines that the receiver has, with their times and streams.
pub(crate) fn received(receiver: &Receiver) -> BTreeSet<(String, i128, String)> {
    let accepted = receiver.accepted().into_iter();
    accepted
        .map(|entry| (entry.labels.clone(), entry.timestamp_ns, entry.line.clone()))
        .collect()
}

/// Returns the number of lines in the file of `--resume`, which has one before those of the finished objects.
pub(crate) fn recorded(file: &Path) -> usize {
    std::fs::read_to_string(file).unwrap_or_default().lines().count()
}
