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
//! `gtmpl` 0.7 (last released in 2021) and its forks `gtmpl-ng` and `go-template` have neither Go's `printf` nor
//! `break`, and their values know no times. `gotmpl` 0.6 is well made and close to Go, but its maps cannot be changed once they are made,
//! as sprig's `set`, `unset` and `merge` do, and its values have no `int64`, typed slices or times, so that `%T`, `typeOf` and
//! the dates could not be Go's; it has none of sprig. `sprig` 0.3 covers a small part, for `gtmpl`.

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
