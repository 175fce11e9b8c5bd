//! Tests of the Runtime API with a function that does what its events say.

use std::time::{Duration, Instant, SystemTime};

use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};
use testkit::lambda::{Lambda, LambdaBuilder, Outcome};
use testkit::loopback::Connection;

/// Returns a function whose program is this test binary, run as [`fake_function`].
fn function(mode: &str) -> LambdaBuilder {
    ["lambda::fake_function", "--exact", "--ignored", "--nocapture"]
        .into_iter()
        .fold(
            Lambda::builder(std::env::current_exe().unwrap()),
            LambdaBuilder::arg,
        )
        .env("FAKE_FUNCTION", mode)
        .timeout(Duration::from_secs(20))
}

/// Runs as the program of [`function`]. As a test it does nothing.
#[tokio::test]
#[ignore = "the program that the other tests start"]
#[allow(
    clippy::disallowed_methods,
    clippy::exit,
    reason = "it is a program of its own, which has an environment, a clock and an exit code"
)]
async fn fake_function() {
    let Ok(mode) = std::env::var("FAKE_FUNCTION") else {
        return;
    };
    let api = std::env::var("AWS_LAMBDA_RUNTIME_API").unwrap();
    let mut runtime = Runtime(Connection::open(&api).await.unwrap());
    let mut end_is_near = None;
    match mode.as_str() {
        "init-error" => {
            let error = json!({"errorType": "Settings", "errorMessage": "WRITE_ADDRESS"});
            assert_eq!(runtime.post("init/error", &error).await, 202);
            std::process::exit(7);
        }
        "init-exit" => std::process::exit(8),
        "graceful" => {
            tokio::spawn(async {
                let kind = tokio::signal::unix::SignalKind::terminate();
                tokio::signal::unix::signal(kind).unwrap().recv().await;
                std::process::exit(0);
            });
        }
        "stubborn" => {
            let kind = tokio::signal::unix::SignalKind::terminate();
            end_is_near = Some(tokio::signal::unix::signal(kind).unwrap());
        }
        _ => {}
    }
    loop {
        let next = runtime.next().await;
        let header = |name: &str| next.headers()[name].to_str().unwrap().to_owned();
        let id = header("Lambda-Runtime-Aws-Request-Id");
        let event: Value = serde_json::from_slice(next.body()).unwrap();
        println!("event {event}");
        let answer = match event["do"].as_str().unwrap() {
            "fail" => {
                let error = json!({"errorType": "Push", "errorMessage": "refused", "stackTrace": []});
                runtime.post(&format!("invocation/{id}/error"), &error).await
            }
            "hang" => std::future::pending().await,
            "exit" => std::process::exit(9),
            "fail at the end" => {
                end_is_near.as_mut().unwrap().recv().await;
                let error = json!({"errorType": "Ended", "errorMessage": "not delivered"});
                runtime.post(&format!("invocation/{id}/error"), &error).await;
                std::process::exit(3)
            }
            "confuse" => runtime.post("invocation/other/response", &json!(1)).await,
            _ => {
                let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap();
                let deadline: u128 = header("Lambda-Runtime-Deadline-Ms").parse().unwrap();
                let response = json!({
                    "pid": std::process::id(),
                    "id": id,
                    "left": u64::try_from(deadline.saturating_sub(now.as_millis())).unwrap(),
                    "arn": header("Lambda-Runtime-Invoked-Function-Arn"),
                    "trace": header("Lambda-Runtime-Trace-Id"),
                    "env": std::env::vars().map(|(name, _)| name).collect::<Vec<_>>(),
                });
                eprintln!("answering");
                runtime
                    .post(&format!("invocation/{id}/response"), &response)
                    .await
            }
        };
        assert_eq!(answer, 202);
    }
}

struct Runtime(Connection);

impl Runtime {
    async fn next(&mut self) -> Response<Bytes> {
        let request = Request::get("/2018-06-01/runtime/invocation/next");
        self.0.send(request.body(Bytes::new()).unwrap()).await.unwrap()
    }

    async fn post(&mut self, path: &str, body: &Value) -> u16 {
        let request = Request::post(format!("/2018-06-01/runtime/{path}"));
        let request = request.body(body.to_string().into()).unwrap();
        self.0.send(request).await.unwrap().status().as_u16()
    }
}

fn event(what: &str) -> String {
    json!({ "do": what }).to_string()
}

#[tokio::test]
async fn a_warm_process_is_used_again() {
    let mut lambda = function("").env("EXTRA", "1").start().await;
    lambda.wait_until_ready().await.unwrap();
    let pid = lambda.pid().unwrap();
    let first = lambda.invoke(event("answer")).await;
    let response = first.response();
    assert_eq!(response["pid"], pid);
    assert_eq!(response["id"], first.request_id);
    let left = response["left"].as_u64().unwrap();
    assert!((15_000..=20_000).contains(&left), "{left}");
    assert!(response["arn"].as_str().unwrap().starts_with("arn:aws:lambda:"));
    assert!(response["trace"].as_str().unwrap().starts_with("Root=1-"));
    let env = response["env"].as_array().unwrap();
    assert!(env.contains(&json!("EXTRA")) && env.contains(&json!("AWS_REGION")));
    assert!(!env.contains(&json!("HOME")), "nothing is inherited");
    assert_eq!(first.logs, [r#"event {"do":"answer"}"#, "answering"]);
    assert!(lambda.resident_bytes() > 100_000);
    assert!(lambda.peak_resident_bytes() >= lambda.resident_bytes());

    lambda.freeze().await;
    let second = lambda.invoke(event("answer")).await;
    assert_eq!(second.response()["pid"], pid);
    assert_ne!(second.request_id, first.request_id);
    assert!(second.elapsed < Duration::from_secs(5));

    let failed = lambda.invoke(event("fail")).await;
    assert_eq!(failed.error().error_type, "Push");
    assert_eq!(failed.error().error_message, "refused");
    assert_eq!(
        lambda.invoke(event("answer")).await.response()["pid"],
        pid,
        "an error keeps the process"
    );
    assert!(lambda.logs().len() >= 7);
    lambda.stop().await;
    assert_eq!(lambda.pid(), None);
}

#[tokio::test]
async fn the_deadline_kills_and_a_fresh_process_follows() {
    let timeout = Duration::from_millis(700);
    let mut lambda = function("").timeout(timeout).start().await;
    lambda.wait_until_ready().await.unwrap();
    let pid = lambda.pid().unwrap();
    let hung = lambda.invoke(event("hang")).await;
    assert_eq!(hung.outcome, Outcome::TimedOut);
    assert!(hung.elapsed >= timeout && hung.elapsed < 5 * timeout);
    assert!(!std::path::Path::new(&format!("/proc/{pid}")).exists());

    let exited = lambda.invoke(event("exit")).await;
    assert!(matches!(exited.outcome, Outcome::Exited(status) if status.code() == Some(9)));
    assert_ne!(
        lambda.invoke(event("answer")).await.response()["pid"],
        pid,
        "this is the third process"
    );
    lambda.set_timeout(Duration::from_secs(20));
    let left = lambda.invoke(event("answer")).await.response()["left"].as_u64();
    assert!(left.unwrap() > 10_000, "{left:?} ms");
}

#[tokio::test]
async fn a_failed_init_is_reported() {
    let mut lambda = function("init-error").start().await;
    let reason = |outcome: &Outcome| match outcome {
        Outcome::InitError(error, status) => {
            assert_eq!(error.error_message, "WRITE_ADDRESS");
            status.unwrap().code()
        }
        other => unreachable!("{other:?}"),
    };
    // The process may or may not have ended by then.
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(reason(&lambda.wait_until_ready().await.unwrap_err()), Some(7));
    assert_eq!(reason(&lambda.invoke(event("answer")).await.outcome), Some(7));

    let exited = function("init-exit").start().await.wait_until_ready().await;
    assert!(matches!(exited, Err(Outcome::Exited(status)) if status.code() == Some(8)));
}

#[tokio::test]
async fn a_request_to_end_is_distinguished_from_a_kill() {
    use std::os::unix::process::ExitStatusExt;

    let mut lambda = function("graceful").start().await;
    lambda.wait_until_ready().await.unwrap();
    lambda.invoke(event("answer")).await.response();
    let ended = lambda.terminate().await;
    assert_eq!(ended.status.code(), Some(0));
    assert!(ended.after < Duration::from_secs(2));

    let mut lambda = function("").start().await;
    lambda.wait_until_ready().await.unwrap();
    assert_eq!(lambda.terminate().await.status.signal(), Some(15));
    let started = Instant::now();
    drop(lambda);
    assert!(started.elapsed() < Duration::from_secs(1));
}

#[tokio::test]
async fn a_response_before_the_end_of_the_process_is_kept() {
    use std::os::unix::process::ExitStatusExt;

    let soon = Duration::from_millis(300);
    let mut lambda = function("stubborn").start().await;
    lambda.wait_until_ready().await.unwrap();
    let (invocation, ended) = lambda.invoke_and_terminate(event("fail at the end"), soon).await;
    assert_eq!(invocation.error().error_type, "Ended");
    assert!(invocation.elapsed >= soon);
    assert_eq!(invocation.logs, [r#"event {"do":"fail at the end"}"#]);
    assert_eq!(ended.status.code(), Some(3));
    assert!(ended.after < Duration::from_secs(2));

    // A response from before the signal counts, and the signal is sent nevertheless.
    let (invocation, ended) = lambda.invoke_and_terminate(event("answer"), soon).await;
    assert_eq!(invocation.response()["id"], invocation.request_id);
    assert_eq!(ended.status.signal(), Some(9), "it heeds no request to end");
    assert!(ended.after >= Duration::from_secs(2));
    assert_eq!(lambda.pid(), None);
    assert_eq!(
        lambda.invoke(event("answer")).await.response()["id"],
        "00000000-0000-4000-8000-000000000003",
        "a fresh process follows"
    );
}

#[tokio::test]
async fn an_end_of_the_process_without_a_response_is_an_exit() {
    let soon = Duration::from_millis(300);
    let mut lambda = function("graceful").start().await;
    let (invocation, ended) = lambda.invoke_and_terminate(event("hang"), soon).await;
    assert_eq!(invocation.outcome, Outcome::Exited(ended.status));
    assert_eq!(ended.status.code(), Some(0));
    assert!(invocation.elapsed >= soon);

    let late = Duration::from_secs(15);
    lambda.wait_until_ready().await.unwrap();
    lambda.freeze().await;
    let (invocation, ended) = lambda.invoke_and_terminate(event("exit"), late).await;
    assert!(matches!(invocation.outcome, Outcome::Exited(status) if status.code() == Some(9)));
    assert_eq!(ended.after, Duration::ZERO, "it had ended by itself");
    assert!(invocation.elapsed < late);
}

#[tokio::test]
#[should_panic(
    expected = "the function should be ready for 00000000-0000-4000-8000-000000000001, got Exited"
)]
async fn a_function_that_does_not_start_cannot_be_asked_to_end() {
    let mut lambda = function("init-exit").start().await;
    lambda.invoke_and_terminate(event("answer"), Duration::ZERO).await;
}

#[tokio::test]
#[should_panic(expected = "answered other while 00000000-0000-4000-8000-000000000001 is the invocation")]
async fn an_answer_to_another_request_fails_the_test() {
    function("").start().await.invoke(event("confuse")).await;
}
