//! Pushes of which Loki rejects some entries, and the log lines about them.

use testkit::receiver::{Answer, Receiver};

use crate::support::{event, function, pushing_to};

/// Returns an event of 1,000 lines that includes the bad ones.
fn event_with(bad: &[usize]) -> String {
    let line = |number| match bad.contains(&number) {
        true => format!("BAD {number}"),
        false => format!("line {number}"),
    };
    let lines: Vec<String> = (0..1_000).map(line).collect();
    event(&lines.iter().map(String::as_str).collect::<Vec<_>>())
}

/// Starts a receiver that rejects every push with a bad line, and stores none of its entries.
async fn refusing_all_for_one() -> Receiver {
    let receiver = Receiver::start().await;
    receiver.answer_with(
        |push, _| match push.entries().any(|entry| entry.line.starts_with("BAD")) {
            true => Answer::status(400).body("couldn't parse labels: 1:2: parse error: unexpected\n"),
            false => Answer::status(204),
        },
    );
    receiver
}

#[tokio::test]
async fn a_push_refused_for_one_entry_loses_that_entry_only() {
    for (bad, most) in [(&[617][..], 25), (&[3, 998], 45)] {
        for on_reject in ["fail", "drop"] {
            let receiver = refusing_all_for_one().await;
            let mut lambda = pushing_to(&receiver).env("ON_REJECT", on_reject).start().await;
            let invocation = lambda.invoke(event_with(bad)).await;
            if on_reject == "drop" {
                assert_eq!(invocation.response()["rejected"], bad.len());
            } else {
                assert!(invocation.error().error_message.contains("push of one entry"));
            }
            assert_eq!(receiver.distinct_count(), 1_000 - bad.len());
            assert!(receiver.requests() <= most, "{}", receiver.requests());
        }
    }
}

#[tokio::test]
async fn where_all_entries_are_refused_the_requests_are_bounded() {
    let receiver = refusing_all_for_one().await;
    let mut lambda = pushing_to(&receiver).start().await;
    let all: Vec<usize> = (0..1_000).collect();
    lambda.invoke(event_with(&all)).await.error();
    assert!(receiver.requests() <= 300, "{}", receiver.requests());
}

#[tokio::test]
async fn other_refusals_are_not_split() {
    let receiver = Receiver::start().await;
    receiver.answer_always(Answer::status(400).body("tenant ID is '.' or '..'\n"));
    let mut lambda = pushing_to(&receiver).start().await;
    lambda.invoke(event_with(&[])).await.error();
    assert_eq!(receiver.requests(), 1);
}

/// Loki stores the other entries: they count as delivered, and are sent only once.
#[tokio::test]
async fn a_partial_refusal_is_counted_in_entries() {
    let old = "entry for stream '{a=\"b\"}' has timestamp too old: T, oldest acceptable timestamp is: U";
    for (text, refused) in [(old.to_owned(), 1), (format!("3 errors like: {old}"), 3)] {
        let receiver = Receiver::start().await;
        receiver.answer_always(Answer::status(400).body(text));
        let mut lambda = pushing_to(&receiver).env("ON_REJECT", "drop").start().await;
        let invocation = lambda.invoke(event_with(&[])).await;
        let summary = invocation.response();
        assert_eq!(summary["entries"], 1_000 - refused);
        assert_eq!(summary["rejected"], refused);
        assert_eq!(receiver.requests(), 1);
    }
}

#[tokio::test]
async fn what_is_too_far_behind_is_counted_apart() {
    let receiver = Receiver::start().await;
    receiver.answer_always(Answer::status(400).body(
        "entry with timestamp T ignored, reason: 'entry too far behind, entry timestamp is: T, oldest acceptable \
         timestamp is: U',\nuser 'blue', total ignored: 12 out of 1000 for stream: {a=\"b\"}\n",
    ));
    let mut lambda = pushing_to(&receiver).start().await;
    let invocation = lambda.invoke(event_with(&[])).await;
    let message = &invocation.error().error_message;
    assert!(
        message.contains("12 of 1000 entries") && message.contains("may be there already"),
        "{message}"
    );
    let log = invocation.logs.join("\n");
    assert!(
        log.contains("too_far_behind=12") && log.contains("rejected=0") && log.contains("failed=12"),
        "{log}"
    );
}

#[tokio::test]
async fn lines_that_are_all_dropped_for_want_of_labels_are_a_warning() {
    for (labels, warned) in [("^__", true), ("^nothing", false)] {
        let receiver = Receiver::start().await;
        let rules = format!(r#"[{{"action":"labeldrop","regex":"{labels}.*"}}]"#);
        let mut lambda = pushing_to(&receiver).env("RELABEL_CONFIGS", rules).start().await;
        let invocation = lambda.invoke(event(&["a", "b"])).await;
        let log = invocation.logs.join("\n");
        assert_eq!(log.contains("all 2 lines were dropped"), warned, "{log}");
    }
}

/// The hint names settings, and never their values.
#[tokio::test]
async fn refusals_name_the_setting_to_look_at() {
    for (status, hint) in [
        (401, "check BEARER_TOKEN"),
        (403, "check BEARER_TOKEN"),
        (404, "check the host and the path of WRITE_ADDRESS"),
        (400, ""),
    ] {
        let receiver = Receiver::start().await;
        receiver.answer_always(Answer::status(status).body("no"));
        let mut lambda = pushing_to(&receiver).env("BEARER_TOKEN", "hunter2").start().await;
        let invocation = lambda.invoke(event(&["a"])).await;
        let message = &invocation.error().error_message;
        assert!(
            message.contains(hint) && !message.contains("hunter2"),
            "{message}"
        );
        assert_eq!(message.contains("(check "), !hint.is_empty(), "{message}");
    }
}

#[tokio::test]
async fn a_wrong_path_and_a_refused_connection_name_the_write_address() {
    let receiver = Receiver::start().await;
    let address = receiver.address();
    let push = async |url: String| {
        let mut lambda = function()
            .env("WRITE_ADDRESS", url)
            .env("MAX_RETRIES", "1")
            .start()
            .await;
        lambda.invoke(event(&["a"])).await.error().error_message.clone()
    };
    let message = push(format!("http://{address}/push")).await;
    assert!(
        message.contains(
            "check WRITE_ADDRESS: its path does not end in /loki/api/v1/push, where Loki takes pushes"
        ),
        "{message}"
    );
    receiver.refuse_connections().await;
    let message = push(receiver.url()).await;
    assert!(
        message.contains(&format!("cannot connect to {address}; check WRITE_ADDRESS")),
        "{message}"
    );
}
