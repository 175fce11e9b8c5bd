//! `check --connect`: whether secrets that AWS keeps can be read.

use testkit::moto::Moto;
use testkit::receiver::Receiver;

use crate::support::{cli, text};

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
#[ignore = "needs moto: tools/testkit/moto/install"]
async fn the_key_of_hashes_is_fetched() {
    let (receiver, moto) = (Receiver::start().await, Moto::start().await);
    let arn = moto
        .put_secret("eu-west-1", "redact", "a key that nobody guesses")
        .await;
    let (loki, aws) = (receiver.url(), moto.url());
    for (arn, is_read) in [(arn.as_str(), true), (&arn.replace("redact", "other"), false)] {
        let variables = [
            ("WRITE_ADDRESS", loki.as_str()),
            ("LOKI_STAGE_CONFIGS", r#"[{"redact":{"hash":true}}]"#),
            ("REDACT_KEY", arn),
            ("AWS_ENDPOINT_URL", &aws),
            ("AWS_ACCESS_KEY_ID", "a"),
            ("AWS_SECRET_ACCESS_KEY", "b"),
            ("AWS_REGION", "eu-west-1"),
        ];
        let output = tokio::task::block_in_place(|| cli(&["check", "--connect"], &variables));
        assert_eq!(output.status.success(), is_read, "{output:?}");
        assert_eq!(text(&output.stdout).contains("REDACT_KEY can be read"), is_read);
        assert_eq!(
            text(&output.stderr).contains("REDACT_KEY"),
            !is_read,
            "{output:?}"
        );
        assert!(!format!("{output:?}").contains("nobody guesses"));
    }
}
