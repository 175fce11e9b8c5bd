//! Go's `text/template` with the functions that promtail's template stage has: Go's, promtail's own and those of
//! sprig 3.3.0.
//!
//! A template is a function of its data: nothing here reads the clock, the environment, the disk or the network,
//! nothing is random, and [`Limits`] end what would take too long. "Now" is [`Context::now`]; the entry's own time
//! is what makes a retried event give the same entry.
//!
//! ```
//! use go_template::{Context, Data, Template};
//!
//! let template = Template::parse("{{ .level | upper }}: {{ printf \"%q\" .Entry }}")?;
//! let data = Data::from_iter([("level", "warn"), ("Entry", "disk full")]);
//! let now = go_time::Time::utc(1_714_979_289, 0);
//! assert_eq!(template.execute(data, &Context::new(&now)).as_deref(), Ok("WARN: \"disk full\""));
//! # Ok::<(), go_template::TemplateError>(())
//! ```
//!
//! # What is left out
//! Each of these is an error of [`Template::parse`] that says why: `env`, `expandenv` and `getHostByName` (they
//! reach outside); `rand…`, `shuffle`, `uuidv4`, `bcrypt`, `htpasswd`, `encryptAES` and `gen…` (random);
//! `decryptAES`, `derivePassword` and `buildCustomCert` (keys). Complex numbers are no constants.
//!
//! # What differs from Go
//! Texts are UTF-8: a character that is cut in two (`trunc`, `substr`, `wrap`) becomes U+FFFD. `keys` and `values`
//! are sorted. Decimal arithmetic (`addf`) has 38 digits. Of `time.Time` there are the methods that tell its parts,
//! compare and format it. `%p` has no pointers to show.
//!
//! # Why no other crate
//! Measured by how many of the table's 625 rows (`tests/data/go.json`) they answer as Go does:
//! - `gtmpl-ng` 1.0.0, the kept fork of `gtmpl`, with its functions for Helm: 419. Its maps are copied, so that sprig's
//!   `set` and `merge` change nothing that is held elsewhere; its values know no `int64`, typed slices or times;
//!   its functions bring bcrypt and random numbers along.
//! - `gotmpl` 0.6.1, which is well made and has nothing of sprig: 334. Its maps cannot be changed either, and its values
//!   are as few.
//! - `gtmpl` 0.7.1 (2021) and `go-template` 0.0.3 (2022) know no `break` and are no longer worked on; `sprig` 0.3.0 and
//!   `lithos-sprig` 0.1.0 have a small part of sprig for them.

mod ast;
mod compare;
mod env;
mod eval;
mod exec;
mod fmt;
mod funcs;
mod lex;
mod number;
mod parse;
mod pipeline;
mod template;
mod value;

pub use env::{ExecError, Limits};
pub use parse::TemplateError;
pub use template::{Context, Data, Template};
