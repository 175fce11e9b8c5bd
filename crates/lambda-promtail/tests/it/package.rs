//! The binary of the deployment package, with one event.
//!
//! `deploy/package`, then run with `--ignored`.

use std::path::{Path, PathBuf};

use testkit::lambda::Lambda;
use testkit::receiver::Receiver;

use crate::support::event;

/// Returns the path of the binary that `deploy/package` built for this machine.
fn bootstrap() -> PathBuf {
    let architecture = match std::env::consts::ARCH {
        "aarch64" => "arm64",
        other => other,
    };
    let debug = Path::new(env!("CARGO_BIN_EXE_lambda-promtail")).parent().unwrap();
    let bootstrap = debug
        .with_file_name("package")
        .join(architecture)
        .join("bootstrap");
    assert!(bootstrap.exists(), "{bootstrap:?} is missing: deploy/package");
    bootstrap
}

#[tokio::test]
#[ignore = "needs the package: deploy/package"]
async fn the_packages_binary_serves_an_event() {
    let receiver = Receiver::start().await;
    let mut lambda = Lambda::builder(bootstrap())
        .env("WRITE_ADDRESS", receiver.url())
        .start()
        .await;
    lambda.invoke(event(&["one", "two"])).await.response();
    assert_eq!(receiver.accepted_count(), 2);
}
