//! The listing of the objects below a prefix.

use std::collections::HashMap;
use std::sync::Arc;

use aws_clients::{AwsAccess, ListError, ListedObject, S3ClientSettings, S3Objects};
use aws_logs::s3::ObjectType;
use jiff::Timestamp;
use lambda_promtail::{DryRunSettings, ObjectPlan};

use super::candidates::{Candidate, ObjectTime, Oldest};
use super::object_id::ObjectId;
use super::prefix::Prefix;
use super::progress::Progress;
use super::resume::Resume;
use super::survey::Survey;
use super::time_range::TimeRange;
use crate::explain::type_name;

/// A lister of the objects that are to be shipped.
pub(crate) struct Lister {
    pub(crate) prefix: Prefix,
    pub(crate) resume: Option<Resume>,
    objects: Arc<S3Objects>,
    settings: DryRunSettings,
    range: TimeRange,
    now: Timestamp,
    /// The most objects that a listing returns.
    limit: usize,
    groups: Groups,
}

/// The oldest objects that are to be shipped, oldest first.
pub(crate) struct Listed {
    pub(crate) candidates: Vec<Candidate>,
    /// The time and key after which more objects come.
    pub(crate) more_after: Option<(Timestamp, Box<str>)>,
    /// The region of the bucket, if it is not the SDK's default one.
    pub(crate) region: Option<String>,
}

impl Lister {
    pub(crate) fn new(
        prefix: Prefix,
        settings: DryRunSettings,
        range: TimeRange,
        resume: Option<Resume>,
        now: Timestamp,
        limit: usize,
    ) -> Self {
        let access = Arc::new(AwsAccess::from_environment());
        Self {
            prefix,
            resume,
            objects: Arc::new(S3Objects::new(access, S3ClientSettings::default())),
            settings,
            range,
            now,
            limit,
            groups: Groups::default(),
        }
    }

    /// Lists all objects below the prefix, page by page, counts them, and returns the oldest ones after the given time and
    /// key.
    ///
    /// # Errors
    /// Returns an error if S3 does not list the bucket.
    pub(crate) async fn list(
        &mut self,
        after: Option<(Timestamp, Box<str>)>,
        survey: &mut Survey,
        progress: &mut Progress,
    ) -> Result<Listed, ListError> {
        let mut oldest = Oldest::new(self.limit, after);
        let objects = Arc::clone(&self.objects);
        let mut listing = objects.list(&self.prefix.bucket, &self.prefix.prefix);
        while let Some(page) = listing.next_page().await? {
            progress.listed(page.len() as u64);
            for object in page {
                self.take(object, survey, &mut oldest);
            }
        }
        let (candidates, more_after) = oldest.finish();
        Ok(Listed {
            candidates,
            more_after,
            region: listing.region().map(str::to_owned),
        })
    }

    /// Counts an object, and takes it if it is to be shipped.
    fn take(&mut self, object: ListedObject, survey: &mut Survey, oldest: &mut Oldest) {
        let plan = self.settings.intake.s3.plan(&self.prefix.bucket, &object.key);
        if let ObjectPlan::Skip(reason) = plan {
            survey.add_skipped(reason);
            return;
        }
        let time = ObjectTime::of(&object);
        if !self.range.overlaps(time.start, time.end) {
            survey.add_out_of_range(&time);
            return;
        }
        let id = ObjectId::of(&object.key, &object.etag);
        if self.resume.as_ref().is_some_and(|resume| resume.is_finished(&id)) {
            survey.add_finished();
            return;
        }
        let group = match plan {
            ObjectPlan::Read(kind) => {
                survey.add(type_name(&kind), &time, object.size, self.now);
                self.groups.number(self.streams_of(&kind))
            }
            ObjectPlan::Skip(_) | ObjectPlan::Fail(_) => {
                survey.add_unknown(&object.key);
                self.groups.number(String::new())
            }
        };
        oldest.offer(Candidate {
            time: time.order,
            key: object.key.into(),
            id,
            size: object.size,
            group,
        });
    }

    /// Returns the labels with which the lines of an object begin their way through the stages. Relabelling can make one
    /// stream of several sources.
    fn streams_of(&self, kind: &ObjectType) -> String {
        let source = match kind.is_of_deliveries() {
            true => kind.delivery_labels(),
            false => kind.labels(),
        };
        let pipeline = &self.settings.pipeline;
        let labels = pipeline.stream_labels(source.clone(), &mut Default::default());
        labels.map(|labels| labels.to_string()).unwrap_or_default()
    }
}

/// The groups of objects whose lines have the same labels of their source, numbered from zero.
#[derive(Debug, Default)]
struct Groups(HashMap<String, u32>);

impl Groups {
    fn number(&mut self, labels: String) -> u32 {
        // A bucket has fewer sources of logs than a u32 has values.
        let next = self.0.len() as u32;
        *self.0.entry(labels).or_insert(next)
    }
}
