//! The command line and what it is given.

use std::path::Path;
use std::process::{Command, Output};

use testkit::lambda::{Lambda, LambdaBuilder};

/// The top of the clone.
pub(crate) const TOP: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// The path of the command line.
pub(crate) const CLI: &str = env!("CARGO_BIN_EXE_lambda-promtail-cli");

/// A load balancer's key, which decides how a log file is read.
pub(crate) const KEY: &str = "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log.gz";
/// The path of a subscription event.
pub(crate) const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../samples/cloudwatch-logs.json");

/// Runs the command line with these variables and no others.
pub(crate) fn cli(arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    let mut command = Command::new(CLI);
    command
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied());
    command.output().unwrap()
}

/// Returns what was printed.
pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Returns the function's binary, which a build of the workspace puts beside the command line.
pub(crate) fn function() -> LambdaBuilder {
    let binary = Path::new(CLI).with_file_name("lambda-promtail");
    assert!(binary.exists(), "{binary:?} is missing: cargo build --workspace");
    Lambda::builder(binary)
}
