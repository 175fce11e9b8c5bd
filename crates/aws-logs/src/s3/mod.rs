//! Logs that AWS services write to S3. The type of an object is classified by its key, and its bytes become lines with
//! timestamps. The caller downloads and decompresses the object.
//!
//! ```
//! use aws_logs::s3::{Classified, classify};
//! use loki_push::Timestamp;
//!
//! let key = "AWSLogs/111122223333/vpcflowlogs/eu-west-1/2026/03/04/\
//!            111122223333_vpcflowlogs_eu-west-1_fl-0a1b2c3d_20260304T0505Z_0a1b2c3d.log.gz";
//! let Classified::Log(object) = classify(key) else { panic!("a flow log") };
//! assert_eq!(object.labels().get("__aws_s3_vpc_flow"), Some("fl-0a1b2c3d"));
//!
//! let last_modified = Timestamp::new(1_772_600_800, 0)?;
//! let mut reader = object.reader(last_modified);
//! let mut times = Vec::new();
//! for block in ["srcaddr dstaddr start end\n10.0.1.5 203.0.1", "13.7 1772600700 1772600760"] {
//!     reader.feed(block.as_bytes());
//!     let mut lines = reader.lines();
//!     while let Some(line) = lines.next_line()? {
//!         times.push(line.timestamp.seconds());
//!     }
//! }
//! assert!(times.is_empty(), "no line is complete yet");
//!
//! reader.finish();
//! let mut lines = reader.lines();
//! while let Some(line) = lines.next_line()? {
//!     assert_eq!(line.text, "10.0.1.5 203.0.113.7 1772600700 1772600760");
//!     times.push(line.timestamp.seconds());
//! }
//! assert_eq!(times, [1_772_600_700]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod access_log;
mod buffer;
mod classify;
mod documents;
mod error;
mod fields;
mod first_time;
mod format;
mod json;
mod json_block;
mod key;
mod line;
mod lines;
mod log_type;
mod markdown;
mod object_type;
mod own_types;
mod reader;
mod recognition;
mod records;
pub(crate) mod time;
mod times;
mod types;
mod w3c;

pub use access_log::AccessLog;
pub use classify::{Classified, Skipped, UnknownType, classify, is_marker};
pub use error::ObjectError;
pub use first_time::WINDOW;
pub use format::Content;
pub use key::KeyOrigin;
pub use line::{Line, Lines};
pub use log_type::LogType;
pub use markdown::{labels_markdown, types_markdown};
pub use object_type::ObjectType;
pub use own_types::{OwnType, OwnTypeError, OwnTypeErrorKind, OwnTypeErrors, OwnTypes};
pub use reader::ObjectReader;
pub use times::GuessedTimes;
pub use types::log_types;
