//! The types of logs that users describe in the setting `S3_LOG_TYPES`, for objects that AWS's services do not write.
//!
//! ```
//! use aws_logs::s3::OwnTypes;
//! use loki_push::Timestamp;
//!
//! let types = OwnTypes::parse(r#"[{
//!     "name": "s3_app",
//!     "key": "^apps/(?P<app>[^/]+)/(?P<owner>\\d{12})/",
//!     "format": "json",
//!     "time": {"field": "ts", "format": "RFC3339"},
//!     "labels": {"app": "${app}"}
//! }]"#)?;
//! let object = types.find("apps/checkout/111122223333/1.log").expect("the key matches");
//! assert_eq!(
//!     object.labels().to_string(),
//!     r#"{__aws_log_type="s3_app", __aws_s3_app_owner="111122223333", app="checkout"}"#
//! );
//!
//! let mut reader = object.reader(Timestamp::EPOCH);
//! reader.feed(br#"{"ts":"2026-03-04T05:06:07Z","msg":"started"}"#);
//! reader.finish();
//! let mut lines = reader.lines();
//! let line = lines.next_line()?.expect("a document");
//! assert_eq!(line.timestamp.seconds(), 1_772_600_767);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod config;
mod csv;
mod delimited;
mod error;
mod member;
mod own_type;
mod time;
mod time_format;
mod w3c;

use std::sync::Arc;

use super::ObjectType;

pub(crate) use csv::CsvScanner;
pub use error::{OwnTypeError, OwnTypeErrorKind, OwnTypeErrors};
pub use own_type::OwnType;

/// The user's own types of logs, in the order in which they are tried.
#[derive(Clone, Debug, Default)]
pub struct OwnTypes {
    /// The text that describes them.
    json: Arc<str>,
    types: Arc<[Arc<OwnType>]>,
}

impl OwnTypes {
    /// Parses a JSON array of types. An empty text, `null` and `[]` stand for none.
    ///
    /// # Errors
    /// Returns all errors, each with the index, the name and the member that it is in.
    pub fn parse(json: &str) -> Result<Self, OwnTypeErrors> {
        Ok(Self {
            types: config::parse(json)?.into_iter().map(Arc::new).collect(),
            json: json.into(),
        })
    }

    /// Returns the number of types.
    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Returns whether the setting describes no types.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// Returns the type of the object with this key, which must be decoded: the first that matches it.
    pub fn find(&self, key: &str) -> Option<ObjectType> {
        self.types.iter().find_map(|own| own.object(key))
    }
}

/// Types are equal if the same text describes them.
impl PartialEq for OwnTypes {
    fn eq(&self, other: &Self) -> bool {
        self.json == other.json
    }
}

impl Eq for OwnTypes {}
