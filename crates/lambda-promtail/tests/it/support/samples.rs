//! An object of every type, with the expected entries.

use testkit::s3_samples::{S3Sample, s3_samples};

/// Returns the samples of all types that a key leads to, which is all but `s3_text`.
pub fn samples() -> Vec<S3Sample> {
    let mut samples = s3_samples();
    samples.retain(|sample| sample.log_type != "s3_text");
    samples
}
