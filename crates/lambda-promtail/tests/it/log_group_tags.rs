//! Labels from the tags of log groups, through the real binary.

use std::time::{Duration, Instant};

use serde_json::json;
use testkit::events::cloudwatch_event;
use testkit::json_server::JsonServer;
use testkit::lambda::LambdaBuilder;
use testkit::moto::Moto;
use testkit::receiver::Receiver;
use tokio::net::TcpListener;

use crate::support::{GROUP, LABELS, OWNER, event, pushing_to};

fn tagging(receiver: &Receiver, url: &str) -> LambdaBuilder {
    pushing_to(receiver)
        .env("LOG_GROUP_TAGS", "team,cost-center,absent")
        .env("AWS_ENDPOINT_URL_CLOUDWATCH_LOGS", url)
        .env("AWS_MAX_ATTEMPTS", "1")
}

fn labels(receiver: &Receiver) -> Vec<String> {
    receiver
        .accepted()
        .into_iter()
        .map(|entry| entry.labels)
        .collect()
}

#[tokio::test]
async fn tags_are_read_once_for_each_group() {
    let tags = json!({"tags": {"team": "shop", "cost-center": "7", "other": "x"}}).to_string();
    let server = JsonServer::start([(200, "", tags)]).await;
    let receiver = Receiver::start().await;
    let mut lambda = tagging(&receiver, &server.url()).start().await;
    for _ in 0..3 {
        lambda.invoke(event(&["a"])).await.response();
    }
    let tagged = LABELS.replace(
        "__aws_log_type=\"cloudwatch\"",
        "__aws_log_type=\"cloudwatch\", __aws_tag_cost_center=\"7\", __aws_tag_team=\"shop\"",
    );
    assert_eq!(labels(&receiver), [tagged.clone(), tagged.clone(), tagged]);
    let requests = server.requests();
    assert_eq!(requests.len(), 1);
    assert!(
        requests[0].contains("Logs_20140328.ListTagsForResource"),
        "{}",
        requests[0]
    );
    assert!(
        requests[0].contains(&format!(":{OWNER}:log-group:{GROUP}\"")),
        "{}",
        requests[0]
    );

    // Another account's tags cannot be read.
    let other = cloudwatch_event(GROUP, "s", "999999999999", &[(1, "a")]);
    let summary = lambda.invoke(other).await.response().clone();
    assert!(summary["tags_unread"].is_null() && server.requests().len() == 1);
}

/// Redelivered events have the same labels while the tags are the same.
#[tokio::test]
#[ignore = "needs moto: tools/testkit/moto/install"]
async fn tags_of_a_log_group_become_labels() {
    let (moto, receiver) = (Moto::start().await, Receiver::start().await);
    let tags = json!({"team": "shop", "other": "x"});
    moto.put_log_group("eu-west-1", GROUP, tags).await;
    for batch_size in ["1048576", "1"] {
        let function = tagging(&receiver, &moto.url()).env("BATCH_SIZE", batch_size);
        let mut lambda = function.start().await;
        // The first response of moto may take longer than a delivery waits.
        while lambda.invoke(event(&["first"])).await.response()["tags_unread"] == 1 {
            lambda = tagging(&receiver, &moto.url()).start().await;
        }
        receiver.clear();
        for _ in 0..2 {
            lambda.invoke(event(&["a"])).await.response();
        }
        let labels = labels(&receiver);
        assert_eq!(labels.len(), 2);
        assert!(
            labels
                .iter()
                .all(|labels| labels.contains("__aws_tag_team=\"shop\"")),
            "{labels:?}"
        );
        // A group without tags, which moto does not know.
        let other = cloudwatch_event("/none", "s", OWNER, &[(1, "a")]);
        assert_eq!(lambda.invoke(other).await.response()["entries"], 1);
    }
}

#[tokio::test]
async fn a_refused_call_costs_no_line() {
    let denied = json!({"__type": "AccessDeniedException", "message": "no"}).to_string();
    let server = JsonServer::start([(400, "", denied)]).await;
    let receiver = Receiver::start().await;
    let mut lambda = tagging(&receiver, &server.url()).start().await;
    for group in [GROUP, GROUP, "/other"] {
        let event = cloudwatch_event(group, "s", OWNER, &[(1, "a")]);
        assert_eq!(lambda.invoke(event).await.response()["tags_unread"], 1);
    }
    assert_eq!(labels(&receiver).len(), 3);
    assert!(
        labels(&receiver)
            .iter()
            .all(|labels| !labels.contains("__aws_tag"))
    );
    assert_eq!(server.requests().len(), 1, "nothing is read for a while");
    let warnings = lambda
        .logs()
        .join("\n")
        .matches("LOG_GROUP_TAGS: tags cannot be read")
        .count();
    assert_eq!(warnings, 1);
}

/// A server that accepts connections, and never answers.
#[tokio::test]
async fn a_slow_call_delays_one_delivery_only() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", silent.local_addr().unwrap());
    let receiver = Receiver::start().await;
    let mut lambda = tagging(&receiver, &url).start().await;
    lambda.wait_until_ready().await.unwrap();
    let begin = Instant::now();
    for number in 0..10 {
        let event = cloudwatch_event(&format!("/group/{number}"), "s", OWNER, &[(1, "a")]);
        assert_eq!(lambda.invoke(event).await.response()["tags_unread"], 1);
    }
    let spent = begin.elapsed();
    // Ten waits would take two seconds.
    assert!(
        spent >= Duration::from_millis(200) && spent < Duration::from_millis(1_800),
        "{spent:?}"
    );
    assert_eq!(labels(&receiver).len(), 10);
}
