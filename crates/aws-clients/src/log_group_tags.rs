//! The tags of log groups, as labels.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use ingest::{TagLabels, TagLabelsFuture, TagSource};
use secrecy::ExposeSecret;
use serde::Deserialize;
use serde_json::json;
use tokio::sync::OnceCell;
use tokio::time::{self, Instant};

use crate::AwsAccess;
use crate::causes::no_answer;
use crate::endpoint::{Partition, ServiceHost};
use crate::json_call::{Call, Host, Service};

pub(crate) static LOGS: Service = Service {
    id: "CloudWatch Logs",
    signing_name: "logs",
    target: "Logs_20140328",
    json: "1.1",
    host: ServiceHost {
        name: "logs",
        dual_stack: true,
        gov_is_fips: false,
    },
};

/// The time for which tags are used before they are read again.
const MAX_AGE: Duration = Duration::from_secs(3600);
/// The time for which nothing is read after a call failed or was too slow. Deliveries are not delayed again until then.
const PAUSE: Duration = Duration::from_secs(300);
/// The longest time that a delivery waits for tags. The call goes on after that, for later deliveries.
const LONGEST_WAIT: Duration = Duration::from_millis(200);
/// The most log groups whose tags are kept.
const MOST_GROUPS: usize = 1_000;

/// The keys of tags that become labels, each with the name of its label.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TagKeys(Vec<(String, String)>);

/// An error about a list of keys.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{key:?} is not the key of a tag; expected key1,key2, each with 1 to 128 characters")]
pub struct TagKeyError {
    /// The text that is not a key.
    pub key: String,
}

impl TagKeys {
    /// Parses a comma-separated list of keys. Spaces around them are ignored. Of two keys whose labels have the same name
    /// the first is used.
    ///
    /// # Errors
    /// Returns an error for a key that is empty or longer than AWS allows ("Tag your Amazon CloudWatch resources").
    pub fn parse(text: &str) -> Result<Self, TagKeyError> {
        let mut keys: Vec<(String, String)> = Vec::new();
        for key in text.split(',').map(str::trim) {
            if !(1..=128).contains(&key.chars().count()) {
                return Err(TagKeyError { key: key.to_owned() });
            }
            let allowed = |letter: char| {
                if letter.is_ascii_alphanumeric() {
                    letter
                } else {
                    '_'
                }
            };
            let label = format!("__aws_tag_{}", key.chars().map(allowed).collect::<String>());
            if keys.iter().all(|(_, other)| *other != label) {
                keys.push((key.to_owned(), label));
            }
        }
        Ok(Self(keys))
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// The tags of log groups, read with `logs:ListTagsForResource` and kept for an hour.
#[derive(Debug)]
pub struct LogGroupTags(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    access: Arc<AwsAccess>,
    keys: TagKeys,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    groups: HashMap<String, Group>,
    /// The end of the pause after a call that failed or was too slow.
    paused_until: Option<Instant>,
    has_warned: bool,
}

/// The tags of one group.
#[derive(Clone, Debug)]
struct Group {
    asked: Instant,
    /// The labels, once they are read; `None` inside if the call failed.
    labels: Arc<OnceCell<Option<TagLabels>>>,
    /// The labels that were read before.
    earlier: Option<TagLabels>,
}

impl LogGroupTags {
    /// Returns a reader of these tags. Nothing is called before the first delivery.
    pub fn new(access: Arc<AwsAccess>, keys: TagKeys) -> Self {
        Self(Arc::new(Inner {
            access,
            keys,
            state: Mutex::default(),
        }))
    }
}

impl TagSource for LogGroupTags {
    fn labels(&self, log_group_arn: String) -> TagLabelsFuture<'_> {
        Box::pin(self.0.labels(log_group_arn))
    }
}

impl Inner {
    fn labels(self: &Arc<Self>, arn: String) -> impl Future<Output = Option<TagLabels>> + Send + use<> {
        let inner = Arc::clone(self);
        async move {
            let (group, is_paused) = inner.group(&arn);
            if let Some(Some(labels)) = group.labels.get() {
                return Some(Arc::clone(labels));
            }
            if is_paused || group.labels.initialized() {
                return group.earlier;
            }
            let reader = Arc::clone(&inner);
            let earlier = group.earlier.clone();
            // On a task of its own, which goes on when the wait is over.
            let reading = tokio::spawn(async move {
                let read = group.labels.get_or_init(|| reader.read(&arn)).await;
                read.clone().or(group.earlier)
            });
            match time::timeout(LONGEST_WAIT, reading).await {
                Ok(read) => read.ok().flatten(),
                Err(_) => {
                    inner.pause(&format!("no response within {LONGEST_WAIT:?}"));
                    earlier
                }
            }
        }
    }

    /// Returns what is known of a group, and whether nothing is read now. What is too old is to be read again.
    fn group(&self, arn: &str) -> (Group, bool) {
        let now = Instant::now();
        let mut state = self.state();
        let is_paused = state.paused_until.is_some_and(|until| now < until);
        let known = state.groups.get(arn);
        let age = known.map(|group| now.duration_since(group.asked));
        let is_known = known.is_some_and(|group| {
            let has_failed = matches!(group.labels.get(), Some(None));
            age.is_some_and(|age| age < if has_failed { PAUSE } else { MAX_AGE })
        });
        if let Some(known) = known
            && (is_known || is_paused)
        {
            return (known.clone(), is_paused);
        }
        let earlier = known.and_then(|group| group.labels.get().cloned().flatten().or(group.earlier.clone()));
        let group = Group {
            asked: now,
            labels: Arc::default(),
            earlier,
        };
        if is_paused {
            return (group, true);
        }
        if state.groups.len() >= MOST_GROUPS {
            let oldest = state.groups.iter().min_by_key(|(_, group)| group.asked);
            if let Some(oldest) = oldest.map(|(arn, _)| arn.clone()) {
                state.groups.remove(&oldest);
            }
        }
        state.groups.insert(arn.to_owned(), group.clone());
        (group, false)
    }

    /// Reads the tags of a group. Returns `None` after a failure, which begins a pause.
    async fn read(&self, arn: &str) -> Option<TagLabels> {
        let mut fields = arn.split(':').skip(1);
        let (partition, _, region) = (fields.next()?, fields.next()?, fields.next()?);
        let call = Call {
            service: &LOGS,
            operation: "ListTagsForResource",
            host: Host::Public(Partition::find(partition)?),
            region,
        };
        let request = json!({ "resourceArn": arn }).to_string();
        let answer = match call.send(self.access.config().await, request).await {
            Ok(answer) => answer,
            Err(error) => {
                let reason = match error.as_service_error() {
                    Some(refused) => refused.code().unwrap_or("no error code").to_owned(),
                    None => no_answer(&error),
                };
                self.pause(&reason);
                return None;
            }
        };
        #[derive(Deserialize)]
        struct Answer {
            #[serde(default)]
            tags: HashMap<String, String>,
        }
        let Ok(Answer { tags }) = serde_json::from_str(answer.expose_secret()) else {
            self.pause("the response is not the JSON that was expected");
            return None;
        };
        let labels = self
            .keys
            .0
            .iter()
            .filter_map(|(key, label)| Some((label.clone(), tags.get(key)?.clone())));
        Some(labels.collect())
    }

    /// Begins a pause, and warns the first time.
    fn pause(&self, reason: &str) {
        let mut state = self.state();
        state.paused_until = Some(Instant::now() + PAUSE);
        if !std::mem::replace(&mut state.has_warned, true) {
            tracing::warn!(
                "LOG_GROUP_TAGS: tags cannot be read, and lines go without these labels: {reason}; check that the role may call logs:ListTagsForResource"
            );
        }
    }

    /// Locks the state, which is valid at any time.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_become_names_of_labels() {
        let keys = TagKeys::parse("team, cost-center,cost:center,aws:cloudformation:stack-name,é").unwrap();
        let labels: Vec<&str> = keys.0.iter().map(|(_, label)| label.as_str()).collect();
        assert_eq!(
            labels,
            [
                "__aws_tag_team",
                "__aws_tag_cost_center",
                "__aws_tag_aws_cloudformation_stack_name",
                "__aws_tag__"
            ]
        );
        assert_eq!(keys.0[1].0, "cost-center", "the first of two that meet");
        assert_eq!(TagKeys::parse("team,").unwrap_err().key, "");
        assert!(TagKeys::parse(&"x".repeat(129)).is_err());
    }
}
