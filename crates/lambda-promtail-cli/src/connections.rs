//! `check --connect`: whether Loki, secrets and objects can be reached with these settings and credentials.

use std::fmt;
use std::io::Write;
use std::sync::Arc;

use aws_clients::{AwsAccess, ByteSource, S3ClientSettings, S3Objects};
use lambda_promtail::Function;
use lambda_promtail::logging::Escaped;

use crate::Outcome;
use crate::backfill::Prefix;

/// Everything that cannot be reached, with the reason.
#[derive(Debug)]
struct Unreachable(Vec<String>);

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let [reason] = self.0.as_slice() {
            return f.write_str(reason);
        }
        write!(f, "{} connections failed:", self.0.len())?;
        // Two spaces begin a line of a list, and what a server says cannot begin one.
        self.0
            .iter()
            .try_for_each(|reason| write!(f, "\n  {}", Escaped(reason)))
    }
}

impl std::error::Error for Unreachable {}

/// Checks all connections, and prints the result of each. `address` is that of Loki, and `objects` are objects or prefixes,
/// as `s3://bucket/...`.
///
/// # Errors
/// Returns an error that names everything that cannot be reached.
pub(crate) async fn check(
    function: &Function,
    address: &str,
    objects: &[String],
    out: &mut impl Write,
) -> Outcome {
    let mut results = vec![check_loki(function, address).await];
    match function.probe_redact_key().await {
        Ok(false) => {}
        Ok(true) => results.push(Ok("REDACT_KEY can be read".to_owned())),
        Err(error) => results.push(Err(error.to_string())),
    }
    if !objects.is_empty() {
        let access = Arc::new(AwsAccess::from_environment());
        let source = S3Objects::new(access, S3ClientSettings::default());
        for uri in objects {
            results.push(check_objects(&source, uri).await);
        }
    }
    let mut unreachable = Vec::new();
    for result in results {
        match result {
            Ok(said) => writeln!(out, "{said}")?,
            Err(reason) => unreachable.push(reason),
        }
    }
    match unreachable.is_empty() {
        true => Ok(()),
        false => Err(Unreachable(unreachable).into()),
    }
}

async fn check_loki(function: &Function, address: &str) -> Result<String, String> {
    match function.probe().await {
        Ok(true) => Ok(format!("Loki takes pushes at {address}")),
        Ok(false) => Ok(format!(
            "warning: {address} answers, but not as Loki does to a push without entries"
        )),
        Err(error) => Err(format!("{address}: {error}")),
    }
}

/// Reads the beginning of an object, or of the first one below a prefix.
async fn check_objects(source: &S3Objects, uri: &str) -> Result<String, String> {
    let (bucket, key, region) = match Prefix::parse(uri) {
        Some(prefix) => {
            let mut listing = source.list(&prefix.bucket, &prefix.prefix);
            let page = listing.next_page().await.map_err(|error| error.to_string())?;
            // A folder that was made in the console is an object without bytes.
            let first = page.and_then(|objects| objects.into_iter().find(|object| object.size > 0));
            let Some(first) = first else {
                return Ok(format!(
                    "warning: {uri} can be listed, but the first objects below it are empty or there are none, so that reading was not checked"
                ));
            };
            (prefix.bucket, first.key, listing.region().map(str::to_owned))
        }
        None => {
            let name = uri.strip_prefix("s3://").and_then(|name| name.split_once('/'));
            let (bucket, key) = name.filter(|(bucket, _)| !bucket.is_empty()).ok_or_else(|| {
                format!("{uri}: expected s3://bucket/key, or s3://bucket/prefix/ with a slash at its end")
            })?;
            (bucket.to_owned(), key.to_owned(), None)
        }
    };
    let name = format!("s3://{bucket}/{key}");
    let object = source.get(&bucket, &key, region.as_deref()).await;
    let mut object = object.map_err(|error| error.to_string())?;
    let bytes = object.body.next_chunk().await;
    bytes.map_err(|error| error.to_string())?;
    Ok(format!("{name} can be read"))
}
