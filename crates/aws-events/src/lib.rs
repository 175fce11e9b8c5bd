//! Lambda event JSON becomes one closed enum of source events. No I/O.
//!
//! An event is told by the fields only its kind has. Nothing optional is demanded and nothing unknown
//! refused: AWS adds fields to its events as it likes.
//!
//! ```
//! use aws_events::Event;
//!
//! let Event::CloudWatchLogs { data } = aws_events::parse(br#"{"awslogs":{"data":"aGVsbG8="}}"#)?;
//! assert_eq!(data, b"hello");
//! # Ok::<(), aws_events::EventError>(())
//! ```

mod error;
mod event;

pub use error::EventError;
pub use event::{Event, parse};
