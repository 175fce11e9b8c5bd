//! Attempts at a push with a scripted transport, on a paused clock.

use std::time::Duration;

use loki_client::{AttemptError, PushError};
use tokio::sync::watch;
use tokio::time::Instant;

use crate::support::{Script, Step, never, packed, within};

#[tokio::test(start_paused = true)]
async fn waits_are_those_of_dskit() {
    let script = Script::new([Step::Answer(500, ""), Step::Reset, Step::Answer(429, "")]);
    let pushed = script
        .client(|_| ())
        .push(&packed(&["x"]), &never())
        .await
        .unwrap();
    assert_eq!(pushed.attempts, 4);
    for (gap, low) in script.gaps().iter().zip([100, 200, 400]) {
        let window = Duration::from_millis(low)..=Duration::from_millis(2 * low + 1);
        assert!(window.contains(gap), "{gap:?} is not in {window:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_push_is_sent_at_most_ten_times() {
    let script = Script::always(Step::Answer(503, "ingester is shutting down\n"));
    let started = Instant::now();
    let error = script
        .client(|_| ())
        .push(&packed(&["x"]), &never())
        .await
        .unwrap_err();
    assert_eq!(script.attempts(), 10);
    let waited = started.elapsed();
    assert!((51..=81).contains(&waited.as_secs()), "{waited:?}");
    assert_eq!(
        error.to_string(),
        "push not delivered after 10 attempt(s), the last: status 503 (Service Unavailable): ingester is shutting down"
    );
    assert!(!error.is_final());
}

#[tokio::test(start_paused = true)]
async fn zero_retries_mean_no_limit_but_the_deadline() {
    let script = Script::new(vec![Step::Reset; 50]);
    let client = script.client(|settings| settings.backoff.max_retries = 0);
    assert_eq!(client.push(&packed(&["x"]), &never()).await.unwrap().attempts, 51);

    let script = Script::always(Step::Reset);
    let client = script.client(|settings| settings.backoff.max_retries = 0);
    let started = Instant::now();
    let error = client
        .push(&packed(&["x"]), &within(Duration::from_secs(800)))
        .await
        .unwrap_err();
    assert!(matches!(error, PushError::Deadline { .. }), "{error}");
    assert_eq!(started.elapsed().as_secs(), 799);
}

#[tokio::test(start_paused = true)]
async fn an_attempt_ends_at_its_timeout() {
    let script = Script::new([Step::Hang]);
    let client = script.client(|settings| settings.backoff.max_retries = 1);
    let error = client.push(&packed(&["x"]), &never()).await.unwrap_err();
    let PushError::Exhausted { last, attempts: 1 } = error else {
        panic!("{error}");
    };
    assert_eq!(last, AttemptError::TimedOut(Duration::from_secs(5)));
}

/// Upstream does not consider the deadline, so that Lambda can end it during a wait.
#[tokio::test(start_paused = true)]
async fn no_wait_goes_past_the_deadline_and_the_last_second_is_used() {
    for _ in 0..50 {
        let script = Script::always(Step::Answer(429, "slow down\n"));
        let started = Instant::now();
        let deadline = within(Duration::from_secs(8));
        let error = script
            .client(|_| ())
            .push(&packed(&["x"]), &deadline)
            .await
            .unwrap_err();
        let spent = started.elapsed();
        assert!(
            (7_000..=8_000).contains(&spent.as_millis()),
            "{spent:?}: the last attempt is made within the last second"
        );
        let PushError::Deadline { attempts, .. } = error else {
            panic!("{error}");
        };
        assert_eq!(attempts as usize, script.attempts());
        let text = error.to_string();
        assert!(
            text.starts_with(&format!(
                "push not delivered before the deadline: {attempts} attempt(s) in {spent:.1?}"
            )) && text.ends_with("the last: status 429 (Too Many Requests): slow down"),
            "{text}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn an_attempt_ends_at_the_deadline() {
    let script = Script::always(Step::Hang);
    let started = Instant::now();
    let deadline = within(Duration::from_secs(3));
    let client = script.client(|_| ());
    let error = client.push(&packed(&["x"]), &deadline).await.unwrap_err();
    assert_eq!(started.elapsed(), Duration::from_secs(3));
    assert_eq!(
        error.to_string(),
        "push not delivered before the deadline: 1 attempt(s) in 3.0s, and no answer"
    );
    let error = client.push(&packed(&["x"]), &deadline).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "push not delivered before the deadline: 0 attempt(s) in 0.0ns"
    );
    assert_eq!(script.attempts(), 1, "none is begun after the deadline");
}

#[tokio::test(start_paused = true)]
async fn a_request_to_stop_is_a_deadline() {
    let script = Script::always(Step::Hang);
    let (stop, stopped) = watch::channel(false);
    let deadline = never().or_stop(stopped);
    let client = script.client(|_| ());
    let pushed = tokio::spawn(async move { client.push(&packed(&["x"]), &deadline).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    stop.send_replace(true);
    let error = pushed.await.unwrap().unwrap_err();
    assert!(matches!(error, PushError::Deadline { .. }), "{error}");
}

#[tokio::test(start_paused = true)]
async fn retry_after_is_respected() {
    for status in [429, 503] {
        let script = Script::new([Step::RetryAfter(status, 2)]);
        script
            .client(|_| ())
            .push(&packed(&["x"]), &never())
            .await
            .unwrap();
        assert_eq!(script.gaps()[0].as_millis() / 10, 200, "{:?}", script.gaps());
    }
    // The header is ignored with a 500, and the backoff waits longer than 0 s anyway.
    for step in [Step::RetryAfter(500, 2), Step::RetryAfter(429, 0)] {
        let script = Script::new([step]);
        script
            .client(|_| ())
            .push(&packed(&["x"]), &never())
            .await
            .unwrap();
        assert!(
            (100..=201).contains(&script.gaps()[0].as_millis()),
            "{:?}",
            script.gaps()
        );
    }
}

#[tokio::test(start_paused = true)]
async fn no_attempt_is_made_if_retry_after_goes_past_the_deadline() {
    let script = Script::always(Step::RetryAfter(429, 60));
    let started = Instant::now();
    let deadline = within(Duration::from_secs(8));
    let client = script.client(|_| ());
    let error = client.push(&packed(&["x"]), &deadline).await.unwrap_err();
    assert!(
        matches!(error, PushError::Deadline { attempts: 1, .. }),
        "{error}"
    );
    assert!(started.elapsed() < Duration::from_secs(1));
}

/// Connections can die unnoticed while Lambda has frozen the function. The first push after that must not wait for it.
#[tokio::test(start_paused = true)]
async fn a_push_on_a_dead_connection_is_repeated_at_once_but_only_once() {
    let script = Script::new([Step::ResetIdle]);
    let client = script.client(|settings| settings.backoff.max_retries = 1);
    client.push(&packed(&["x"]), &never()).await.unwrap();
    assert_eq!(script.gaps(), [Duration::ZERO]);

    let script = Script::new([Step::ResetIdle, Step::ResetIdle]);
    let client = script.client(|_| ());
    client.push(&packed(&["x"]), &never()).await.unwrap();
    let gaps = script.gaps();
    assert_eq!(gaps[0], Duration::ZERO);
    assert!(gaps[1] >= Duration::from_millis(100), "{gaps:?}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_is_final_and_its_message_has_lokis_text_and_the_entry() {
    for status in [260, 302, 400, 401, 404, 413] {
        let script = Script::new([Step::Answer(status, "no such thing\n")]);
        let error = script
            .client(|_| ())
            .push(&packed(&["x"]), &never())
            .await
            .unwrap_err();
        assert_eq!(script.attempts(), 1, "{status}");
        assert!(error.is_final());
        let text = error.to_string();
        assert!(
            text.starts_with(r#"push of one entry ({a="1"} at 0, 7 bytes) refused by Loki"#)
                && text.contains(&format!("status {status}"))
                && text.ends_with(": no such thing"),
            "{text}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_batch_without_entries_is_not_sent() {
    let script = Script::new([]);
    let client = script.client(|_| ());
    let pushed = client.push(&packed(&[]), &never()).await.unwrap();
    assert_eq!((pushed.attempts, script.attempts()), (0, 0));
}
