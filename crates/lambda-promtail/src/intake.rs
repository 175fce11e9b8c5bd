//! The intake that reads objects from S3.

use std::sync::Arc;

use aws_clients::{AwsAccess, S3ClientSettings, S3Objects};
use ingest::IntakeSettings;
use log_pipeline::Pipeline;

/// An intake that reads objects from S3.
pub type Intake = ingest::Intake<S3Objects>;

/// Creates an intake that reads objects with the Region, credentials and endpoints that the SDK finds in the
/// environment.
pub fn intake_from_environment(settings: IntakeSettings, pipeline: Pipeline) -> Intake {
    with_access(settings, pipeline, Arc::new(AwsAccess::from_environment()))
}

/// Creates an intake that reads objects with this access.
pub(crate) fn with_access(settings: IntakeSettings, pipeline: Pipeline, access: Arc<AwsAccess>) -> Intake {
    Intake::new(
        settings,
        pipeline,
        S3Objects::new(access, S3ClientSettings::default()),
    )
}
