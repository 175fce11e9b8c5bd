//! The machine of a reader who follows the book.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output};

use testkit::s3::{Object, S3};

use super::book::Block;
use super::{failed, run};
use crate::support::{CLI, TOP};

/// The environment of the book's commands: a `cargo`, and an S3 with the object that they name.
pub(crate) struct Laptop {
    folder: tempfile::TempDir,
    s3: S3,
}

impl Laptop {
    pub(crate) async fn new() -> Self {
        const KEY: &str = "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/\
            111122223333_elasticloadbalancing_eu-west-1_app.shop.0a1b2c3d4e5f6071_20260304T0510Z_10.0.3.4_2et2e1mx.log";
        let folder = tempfile::tempdir().unwrap();
        cargo_in(folder.path());
        let s3 = S3::start().await;
        let lines = fs::read(Path::new(TOP).join("samples/alb.log")).unwrap();
        s3.put("example-load-balancer-logs", KEY, Object::new(lines));
        Self { folder, s3 }
    }

    /// Runs the block as a script of the shell, with these variables too.
    pub(crate) fn run(&self, block: &Block, variables: &[(&str, &str)]) -> Output {
        let path = format!("{}:/usr/bin:/bin", self.folder.path().display());
        let s3 = self.s3.url();
        let own = [
            ("PATH", path.as_str()),
            ("AWS_ENDPOINT_URL_S3", &s3),
            ("AWS_ACCESS_KEY_ID", "test"),
            ("AWS_SECRET_ACCESS_KEY", "test"),
            ("AWS_REGION", "eu-west-1"),
        ];
        let all = [&own[..], variables].concat();
        let mut shell = Command::new("/bin/sh");
        run(shell.args(["-euc", &block.text]), &all)
    }

    /// Returns what is wrong with the block as an event.
    pub(crate) fn shipped(&self, block: &Block) -> Option<String> {
        let file = self.folder.path().join("event.json");
        fs::write(&file, &block.text).unwrap();
        let text = format!("cargo run -p lambda-promtail-cli -- ship {}", file.display());
        let command = Block {
            page: block.page.clone(),
            line: block.line,
            info: "sh".to_owned(),
            text,
        };
        failed(&command, &self.run(&command, &[]))
    }
}

/// Writes a `cargo` that runs the command line which is built already, with the arguments after `--`.
fn cargo_in(folder: &Path) {
    let script = format!(
        "#!/bin/sh\ncase \"$*\" in\n\
         run*\"-p lambda-promtail-cli -- \"*) ;;\n\
         *) echo \"the test runs only lambda-promtail-cli, not: cargo $*\" >&2; exit 2 ;;\n\
         esac\n\
         while [ \"$1\" != -- ]; do shift; done\nshift\nexec '{CLI}' \"$@\"\n"
    );
    let cargo = folder.join("cargo");
    fs::write(&cargo, script).unwrap();
    fs::set_permissions(&cargo, Permissions::from_mode(0o755)).unwrap();
}
