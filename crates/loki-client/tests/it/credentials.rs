//! Credentials that are fetched from elsewhere, on a paused clock.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use loki_client::{Auth, AuthError, AuthFuture, AuthSource, Client, Credentials, PushError};
use tokio::time::sleep;

use crate::support::{Script, Scripted, Step, never, packed};

/// A slow source that returns a new token each time, after the given number of failures.
#[derive(Debug, Default)]
struct Vault {
    fetched: AtomicU32,
    failures: u32,
}

impl AuthSource for Vault {
    fn fetch(&self) -> AuthFuture<'_> {
        Box::pin(async {
            let number = self.fetched.fetch_add(1, Ordering::Relaxed);
            sleep(Duration::from_millis(50)).await;
            if number < self.failures {
                return Err(AuthError::NotFetched("arn:aws:x: access denied".to_owned()));
            }
            Ok(Auth::Bearer(format!("token-{number}").into()).into())
        })
    }
}

/// Returns a client that fetches its credentials from the vault.
fn client(script: &Arc<Script>, vault: &Arc<Vault>) -> Arc<Client<Scripted>> {
    let source = Arc::clone(vault) as Arc<dyn AuthSource>;
    script.client(|settings| settings.credentials = Credentials::Fetched(source))
}

/// Returns the credentials of all attempts.
fn tokens(script: &Script) -> Vec<String> {
    let sent = script.sent().into_iter();
    sent.map(|sent| sent.authorization.unwrap().to_str().unwrap().to_owned())
        .collect()
}

#[tokio::test(start_paused = true)]
async fn credentials_are_fetched_once_for_all_pushes() {
    let (script, vault) = (Script::new([]), Arc::new(Vault::default()));
    let client = client(&script, &vault);
    let push = || {
        let client = Arc::clone(&client);
        tokio::spawn(async move { client.push(&packed(&["x"]), &never()).await })
    };
    let (first, second) = (push(), push());
    first.await.unwrap().unwrap();
    second.await.unwrap().unwrap();
    push().await.unwrap().unwrap();
    assert_eq!(tokens(&script), ["Bearer token-0"; 3]);
}

#[tokio::test(start_paused = true)]
async fn credentials_are_fetched_again_once_after_a_401() {
    let (script, vault) = (
        Script::new([Step::Answer(204, ""), Step::Answer(401, "expired")]),
        Arc::new(Vault::default()),
    );
    let client = client(&script, &vault);
    client.push(&packed(&["x"]), &never()).await.unwrap();
    let pushed = client.push(&packed(&["x"]), &never()).await.unwrap();
    assert_eq!(pushed.attempts, 2);
    assert_eq!(
        tokens(&script),
        ["Bearer token-0", "Bearer token-0", "Bearer token-1"]
    );
}

#[tokio::test(start_paused = true)]
async fn wrong_credentials_are_a_refusal_and_are_seldom_fetched_again() {
    let (script, vault) = (
        Script::always(Step::Answer(401, "who are you?")),
        Arc::new(Vault::default()),
    );
    let client = client(&script, &vault);
    for _ in 0..5 {
        let error = client.push(&packed(&["x"]), &never()).await.unwrap_err();
        assert!(matches!(error, PushError::Refused { .. }), "{error}");
    }
    assert_eq!(vault.fetched.load(Ordering::Relaxed), 2);
    sleep(Duration::from_secs(11)).await;
    client.push(&packed(&["x"]), &never()).await.unwrap_err();
    assert_eq!(
        vault.fetched.load(Ordering::Relaxed),
        3,
        "they may have been corrected by now"
    );
}

#[tokio::test(start_paused = true)]
async fn fixed_credentials_are_not_sent_again_after_a_401() {
    let script = Script::always(Step::Answer(401, ""));
    let client = script.client(|settings| {
        settings.credentials = Credentials::Fixed(Auth::Bearer("t0ken".into()).into());
    });
    client.push(&packed(&["x"]), &never()).await.unwrap_err();
    assert_eq!(script.attempts(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_push_is_retried_when_its_credentials_cannot_be_fetched() {
    let vault = Arc::new(Vault {
        failures: 2,
        ..Vault::default()
    });
    let script = Script::new([]);
    let client = client(&script, &vault);
    client.push(&packed(&["x"]), &never()).await.unwrap();
    assert_eq!(tokens(&script), ["Bearer token-2"]);

    let vault = Arc::new(Vault {
        failures: u32::MAX,
        ..Vault::default()
    });
    let source = Arc::clone(&vault) as Arc<dyn AuthSource>;
    let client = script.client(|settings| {
        settings.credentials = Credentials::Fetched(source);
        settings.backoff.max_retries = 3;
    });
    let error = client.push(&packed(&["x"]), &never()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "push not delivered after 0 attempt(s), the last: no credentials: arn:aws:x: access denied"
    );
}

#[tokio::test(start_paused = true)]
async fn a_push_is_not_retried_when_the_source_refuses_its_credentials() {
    #[derive(Debug)]
    struct Refusing(AtomicU32);

    impl AuthSource for Refusing {
        fn fetch(&self) -> AuthFuture<'_> {
            self.0.fetch_add(1, Ordering::Relaxed);
            Box::pin(async { Err(AuthError::Refused("arn:aws:x: access denied".to_owned())) })
        }
    }

    let vault = Arc::new(Refusing(AtomicU32::new(0)));
    let source = Arc::clone(&vault) as Arc<dyn AuthSource>;
    let script = Script::new([]);
    let client = script.client(|settings| settings.credentials = Credentials::Fetched(source));
    let error = client.push(&packed(&["x"]), &never()).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "push not sent: no credentials: arn:aws:x: access denied"
    );
    assert_eq!((vault.0.load(Ordering::Relaxed), script.attempts()), (1, 0));
}
