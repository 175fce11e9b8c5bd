//! Objects read through the real client: any key, any compression, and every error response of S3.

use aws_clients::{Decompressed, DownloadError};
use testkit::compress::{small_bzip2, zstd};
use testkit::s3::{Answer, Object, S3};

use crate::support::compress::gzip;
use crate::support::{BUCKET, get, lines, objects_at, read_all, text};

#[tokio::test]
async fn objects_of_every_compression() {
    let s3 = S3::start().await;
    let (first, second) = (lines(20_000), lines(3));
    let both = format!("{first}{second}");
    let joined = |parts: [Vec<u8>; 2]| parts.concat();
    for (key, bytes, expected) in [
        ("plain.gz", both.clone().into_bytes(), &both),
        ("gzip.txt", gzip(both.as_bytes()), &both),
        (
            "members",
            joined([gzip(first.as_bytes()), gzip(second.as_bytes())]),
            &both,
        ),
        ("zstd", zstd(both.as_bytes()), &both),
        (
            "frames",
            joined([zstd(first.as_bytes()), zstd(second.as_bytes())]),
            &both,
        ),
        ("bzip2", small_bzip2(both.as_bytes()), &both),
        (
            "streams",
            joined([small_bzip2(first.as_bytes()), small_bzip2(second.as_bytes())]),
            &both,
        ),
        (
            "padded",
            joined([gzip(second.as_bytes()), vec![0; 1000]]),
            &second,
        ),
        ("empty", Vec::new(), &String::new()),
        ("emptied", gzip(b""), &String::new()),
    ] {
        s3.put(BUCKET, key, bytes);
        let (read, error) = text(&s3, key).await;
        assert!(error.is_none(), "{key}: {error:?}");
        assert!(read == *expected, "{key}: {} bytes", read.len());
    }
}

#[tokio::test]
async fn an_object_comes_with_what_s3_knows_of_it() {
    let s3 = S3::start().await;
    let stored = Object::new("0123456789")
        .last_modified(1_700_000_000)
        .etag("\"abc\"");
    s3.put(BUCKET, "k", stored);
    let object = get(&s3, "k").await.unwrap();
    assert_eq!(object.last_modified.seconds(), 1_700_000_000);
    assert_eq!(object.last_modified.subsec_nanos(), 0);
    assert_eq!(object.content_length, 10);
    assert_eq!(object.etag.as_deref(), Some("\"abc\""));

    let request = &s3.requests()[0];
    let scope = "/eu-west-1/s3/aws4_request";
    assert!(request.headers["authorization"].to_str().unwrap().contains(scope));
    assert_eq!((request.range.as_ref(), request.if_match.as_ref()), (None, None));
}

#[tokio::test]
async fn without_a_region_the_default_one_is_asked() {
    let s3 = S3::start().await;
    s3.put(BUCKET, "k", "x");
    let objects = objects_at(s3.url());
    for region in [None, Some("")] {
        objects.get(BUCKET, "k", region).await.unwrap();
    }
    for request in s3.requests() {
        let authorization = request.headers["authorization"].to_str().unwrap();
        assert!(authorization.contains("/eu-central-1/s3/"), "{authorization}");
    }
}

#[tokio::test]
async fn a_bucket_elsewhere_is_asked_there() {
    let s3 = S3::start().await;
    s3.put(BUCKET, "k", "x");
    let redirect = || {
        Answer::error(301, "PermanentRedirect", "Use another endpoint.")
            .header("x-amz-bucket-region", "ap-south-1")
    };
    s3.answer_next([redirect()]);
    get(&s3, "k").await.unwrap();
    let requests = s3.requests();
    let authorization = requests[1].headers["authorization"].to_str().unwrap();
    assert!(authorization.contains("/ap-south-1/s3/"), "{authorization}");

    s3.answer_always(redirect());
    let error = get(&s3, "k").await.unwrap_err();
    assert!(matches!(error, DownloadError::Request { .. }), "{error}");
    assert_eq!(s3.requests().len(), 4, "it is asked there once");
}

#[tokio::test]
async fn keys_of_any_characters() {
    let s3 = S3::start().await;
    for key in [
        "a key with spaces",
        "plus+and=equals",
        "year=2026/month=03/d%20y",
        "Zürich/日志/🦀.log",
        "a//b/",
        "/leading",
        "a/../b/./c",
        "q?x=1&y#z;:@!$'()*,~[]\"<>\\^`{|}",
    ] {
        s3.put(BUCKET, key, format!("this is {key}"));
        let (read, error) = text(&s3, key).await;
        assert!(error.is_none(), "{error:?}");
        assert_eq!(read, format!("this is {key}"));
        assert_eq!(s3.requests().pop().unwrap().key, key);
    }
}

#[tokio::test]
async fn the_request_itself_is_repeated() {
    let s3 = S3::start().await;
    s3.put(BUCKET, "k", "text");
    s3.answer_next([Answer::slow_down(), Answer::reset()]);
    let (read, error) = text(&s3, "k").await;
    assert!(error.is_none(), "{error:?}");
    assert_eq!((read.as_str(), s3.requests().len()), ("text", 3));
}

#[tokio::test]
async fn each_refusal_names_the_object_and_what_to_do() {
    let s3 = S3::start().await;
    let kms = "User: arn:aws:sts::1:assumed-role/r is not authorized to perform: kms:Decrypt on resource: k";
    for (answer, expected) in [
        (
            Answer::serve(),
            "s3://logs/a key: does not exist (404 NoSuchBucket: The specified bucket does not exist, \
             request TX234S0F24A06C7)",
        ),
        (
            Answer::error(404, "NoSuchKey", "The specified key does not exist."),
            "s3://logs/a key: does not exist (404 NoSuchKey: ",
        ),
        (
            Answer::access_denied(),
            "s3://logs/a key: access denied: the role needs s3:GetObject; without s3:ListBucket, ",
        ),
        (
            Answer::error(403, "AccessDenied", kms),
            "s3://logs/a key: access denied: the role needs kms:Decrypt on the object's key (403 AccessDenied: User",
        ),
        (
            Answer::error(400, "KMS.DisabledException", "the key is disabled."),
            "s3://logs/a key: cannot be decrypted: the role needs kms:Decrypt on an enabled key (400 KMS.Disabled",
        ),
        (
            Answer::error(403, "InvalidObjectState", "The operation is not valid"),
            "s3://logs/a key: is archived and must be restored first (403 InvalidObjectState: ",
        ),
        (
            Answer::error(403, "ExpiredToken", "The provided token has expired."),
            "s3://logs/a key: GetObject failed: 403 ExpiredToken: The provided token has expired.",
        ),
    ] {
        s3.answer_next([answer]);
        let error = get(&s3, "a key").await.unwrap_err().to_string();
        assert!(error.starts_with(expected), "{error}");
    }
}

#[tokio::test]
async fn nobody_there() {
    let objects = objects_at("http://127.0.0.1:9".to_owned());
    let error = objects.get(BUCKET, "k", None).await.unwrap_err().to_string();
    assert!(error.starts_with("s3://logs/k: GetObject failed: "), "{error}");
    assert!(error.contains("refused"), "{error}");
}

#[tokio::test]
async fn a_large_object_from_a_file() {
    let s3 = S3::start().await;
    let text = lines(400_000);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), gzip(text.as_bytes())).unwrap();
    s3.put(BUCKET, "k", Object::file(file.path()).unwrap());
    let object = get(&s3, "k").await.unwrap();
    let (read, error) = read_all(Decompressed::new(object.body)).await;
    assert!(error.is_none() && read == text.as_bytes());
}
