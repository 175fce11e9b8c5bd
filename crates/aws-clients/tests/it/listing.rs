//! The objects of a bucket, listed through the real client.

use aws_clients::{ListError, ListedObject, Listing};
use testkit::s3::{Answer, Object, S3, S3Store};

use crate::support::{BUCKET, objects_at};

async fn all(mut listing: Listing<'_>) -> Result<Vec<ListedObject>, ListError> {
    let mut listed = Vec::new();
    while let Some(page) = listing.next_page().await? {
        listed.extend(page);
    }
    Ok(listed)
}

#[tokio::test]
async fn all_pages_of_a_prefix_are_listed() {
    let s3 = S3::start().await;
    let mut keys: Vec<String> = (0..2500).map(|number| format!("logs/{number:04}")).collect();
    keys.extend(["logs/Zürich +1/日志", "logs/a\u{1}\n&<b>%20"].map(str::to_owned));
    keys.sort();
    for key in &keys {
        s3.put(BUCKET, key, "text");
    }
    s3.put(BUCKET, "elsewhere", "text");
    let object = Object::new("0123456789")
        .last_modified(1_700_000_000)
        .etag("\"e\"");
    s3.put(BUCKET, "logs/0007", object);

    let objects = objects_at(s3.url());
    let listed = all(objects.list(BUCKET, "logs/")).await.unwrap();
    assert!(listed.iter().map(|object| &object.key).eq(&keys));
    assert_eq!(s3.requests().len(), 3);
    let ListedObject {
        last_modified,
        size,
        etag,
        ..
    } = &listed[7];
    assert_eq!(
        (last_modified.seconds(), *size, etag.as_str()),
        (1_700_000_000, 10, "\"e\"")
    );

    assert_eq!(all(objects.list(BUCKET, "")).await.unwrap().len(), keys.len() + 1);
    assert_eq!(all(objects.list(BUCKET, "none/")).await.unwrap(), []);
}

#[tokio::test]
async fn a_bucket_elsewhere_is_listed_there() {
    let s3 = S3::start().await;
    for number in 0..1001 {
        s3.put(BUCKET, &number.to_string(), "text");
    }
    s3.answer_next([Answer::error(301, "PermanentRedirect", "Use another endpoint.")
        .header("x-amz-bucket-region", "ap-south-1")]);
    let objects = objects_at(s3.url());
    let mut listing = objects.list(BUCKET, "");
    while listing.next_page().await.unwrap().is_some() {}
    assert_eq!(listing.region(), Some("ap-south-1"));
    let requests = s3.requests();
    assert_eq!(requests.len(), 3);
    for request in &requests[1..] {
        let authorization = request.headers["authorization"].to_str().unwrap();
        assert!(authorization.contains("/ap-south-1/s3/"), "{authorization}");
    }
}

#[tokio::test]
async fn a_refusal_says_what_is_lacking() {
    let s3 = S3::start().await;
    let objects = objects_at(s3.url());
    let error = all(objects.list("none", "a/")).await.unwrap_err().to_string();
    assert!(
        error.starts_with("s3://none/a/: the bucket does not exist (404 NoSuchBucket"),
        "{error}"
    );
    s3.answer_next([Answer::access_denied()]);
    let error = all(objects.list(BUCKET, "")).await.unwrap_err().to_string();
    assert!(
        error.contains("needs s3:ListBucket on the bucket (403 AccessDenied"),
        "{error}"
    );
    s3.answer_always(Answer::error(400, "InvalidArgument", "Nonsense."));
    let error = all(objects.list(BUCKET, "")).await.unwrap_err().to_string();
    assert!(
        error.contains("ListObjectsV2 failed: 400 InvalidArgument: Nonsense."),
        "{error}"
    );
}

/// A server that others wrote, which also checks signatures.
#[tokio::test]
async fn another_server_lists_too() {
    let s3 = S3Store::start().await;
    for key in ["a/1", "a/2 and 3", "b/1"] {
        s3.put(BUCKET, key, "text");
    }
    let objects = objects_at(s3.url());
    let listed = all(objects.list(BUCKET, "a/")).await.unwrap();
    let keys: Vec<&str> = listed.iter().map(|object| object.key.as_str()).collect();
    assert_eq!(keys, ["a/1", "a/2 and 3"]);
    assert_eq!(listed[0].size, 4);
}
