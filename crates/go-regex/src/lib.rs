//! Go's regular expressions (RE2's syntax) through the `regex` crate.
//!
//! Both crates find the leftmost match and prefer earlier branches, in time linear in the text. What they
//! write differently is translated, so that a pattern written for Go means here what it means there:
//!
//! - `\d`, `\w`, `\s`, `\b` and the classes like `[:alpha:]` are ASCII; `\s` has no `\v`.
//! - Case folding and classes like `\pL` are Unicode's.
//! - `$` without `m` is the end of the text; only `\n` ends a line.
//! - `&&`, `--`, `~~` and `[` in brackets, and `{,5}`, are characters.
//! - `\Q...\E`, octal escapes, `\z`, `(?<name>...)`, and names used twice are known; the flags are `imsU`.
//! - Look-around, back-references, `\C`, the flag `x` and repeat counts above 1000 are refused.
//! - Matching again after an empty match, `$1` in replacements and splitting are Go's.
//!
//! # Differences that remain
//!
//! - Text is UTF-8 here. Go also takes bytes that are not, each as U+FFFD.
//! - Unicode's version: the regex crate's tables are those of 16, Go's of 15. Letters assigned since are in `\pL`
//!   here, and not in `\p{Cn}`, and they fold. U+1171E is a `\p{Mc}` here and a `\p{Mn}` there.
//! - U+0345 is in `(?i)\p{LC}`, to which Go adds nothing that folds to it.
//! - Groups and repetitions may be nested 100 deep, not 1000, and a compiled pattern may have 32 MiB, where Go
//!   counts instructions: `\pL{1000}` is too large here.
//! - Class names: case means nothing, as since Go 1.25, and the names of scripts that are two words, which it
//!   lost then, are known: `\p{Old_Italic}`.
//!
//! ```
//! use go_regex::Regex;
//!
//! let regex = Regex::new(r"(?P<key>\w+)=(?P<value>\S*)")?;
//! let captures = regex.captures("level=warn").unwrap();
//! assert_eq!(captures.name("value"), Some("warn"));
//! assert_eq!(regex.replace_all("a=1 b=2", "${value}:$key"), "1:a 2:b");
//! # Ok::<(), go_regex::SyntaxError>(())
//! ```

mod captures;
mod error;
mod expand;
mod regex;
mod replace;
mod translate;

pub use crate::regex::Regex;
pub use captures::Captures;
pub use error::{SyntaxError, SyntaxErrorKind};
pub use replace::quote_meta;
