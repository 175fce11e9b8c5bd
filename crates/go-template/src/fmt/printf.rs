//! Go's `fmt.Sprintf`.

use crate::env::{Env, ExecResult};
use crate::fmt::spec::Spec;
use crate::fmt::verb;
use crate::value::Value;

/// The largest width and precision that Go accepts.
const MAX_WIDTH: usize = 1_000_000;

/// Returns the format with its verbs replaced by the values. Values that do not fit are reported as Go reports them:
/// `%!d(string=x)`.
pub(crate) fn sprintf(env: &Env<'_>, format: &str, values: &[Value]) -> ExecResult<String> {
    env.spend_bytes(format.len())?;
    let mut state = State {
        rest: format,
        values,
        next: 0,
        good_index: true,
        reordered: false,
    };
    let mut any_reordered = false;
    let mut out = String::with_capacity(format.len() + 16);
    while let Some(at) = state.rest.find('%') {
        out.push_str(&state.rest[..at]);
        state.rest = &state.rest[at + 1..];
        state.good_index = true;
        state.reordered = false;
        state.directive(env, &mut out)?;
        any_reordered |= state.reordered;
        env.spend(1)?;
        env.check_bytes(out.len())?;
    }
    out.push_str(state.rest);
    if !any_reordered && state.next < values.len() {
        extra(env, &mut out, &values[state.next..])?;
    }
    env.spend_bytes(out.len())?;
    Ok(out)
}

/// Appends Go's report of values that the format did not use.
fn extra(env: &Env<'_>, out: &mut String, values: &[Value]) -> ExecResult<()> {
    out.push_str("%!(EXTRA ");
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        out.push_str(value.type_name());
        if !matches!(value, Value::Nil) {
            out.push('=');
            verb::write(env, out, value, 'v', &Spec::default(), 0)?;
        }
    }
    out.push(')');
    Ok(())
}

/// The state of formatting.
struct State<'f> {
    rest: &'f str,
    values: &'f [Value],
    next: usize,
    /// Whether the last `[n]` named an existing value.
    good_index: bool,
    /// Whether the current directive contains `[n]`.
    reordered: bool,
}

impl State<'_> {
    /// Reads a directive after its `%`, and appends its value.
    fn directive(&mut self, env: &Env<'_>, out: &mut String) -> ExecResult<()> {
        let mut spec = Spec::default();
        self.flags(&mut spec);
        let mut after_index = self.argument_index();
        if self.eat('*') {
            match self.star() {
                Some(width) => {
                    if width < 0 {
                        spec.minus = true;
                        // Zeros are padded on the left only.
                        spec.zero = false;
                    }
                    spec.width = Some(usize::try_from(width.unsigned_abs()).unwrap_or(MAX_WIDTH));
                }
                None => out.push_str("%!(BADWIDTH)"),
            }
            after_index = false;
        } else {
            spec.width = self.number();
            if after_index && spec.width.is_some() {
                self.good_index = false;
            }
        }
        if self.eat('.') {
            if after_index {
                self.good_index = false;
            }
            after_index = self.argument_index();
            if self.eat('*') {
                match self.star() {
                    Some(precision) if precision >= 0 => spec.precision = usize::try_from(precision).ok(),
                    _ => out.push_str("%!(BADPREC)"),
                }
                after_index = false;
            } else {
                spec.precision = Some(self.number().unwrap_or(0));
            }
        }
        if !after_index {
            self.argument_index();
        }
        let Some(verb) = self.rest.chars().next() else {
            out.push_str("%!(NOVERB)");
            return Ok(());
        };
        self.rest = &self.rest[verb.len_utf8()..];
        self.verb(env, out, verb, spec)
    }

    /// Appends the next value with the verb.
    fn verb(&mut self, env: &Env<'_>, out: &mut String, verb: char, mut spec: Spec) -> ExecResult<()> {
        if verb == '%' {
            out.push('%');
            return Ok(());
        }
        if !self.good_index {
            out.push_str("%!");
            out.push(verb);
            out.push_str("(BADINDEX)");
            return Ok(());
        }
        let Some(value) = self.values.get(self.next) else {
            out.push_str("%!");
            out.push(verb);
            out.push_str("(MISSING)");
            return Ok(());
        };
        self.next += 1;
        if verb == 'v' {
            spec.go_syntax = std::mem::take(&mut spec.sharp);
            spec.plus = false;
        }
        env.spend_bytes(spec.width.unwrap_or(0) + spec.precision.unwrap_or(0))?;
        verb::write(env, out, value, verb, &spec, 0)
    }

    /// Reads the flags of a directive.
    fn flags(&mut self, spec: &mut Spec) {
        loop {
            let flag = match self.rest.as_bytes().first() {
                Some(b'+') => &mut spec.plus,
                Some(b'-') => &mut spec.minus,
                Some(b'#') => &mut spec.sharp,
                Some(b' ') => &mut spec.space,
                Some(b'0') => &mut spec.zero,
                _ => break,
            };
            *flag = true;
            self.rest = &self.rest[1..];
        }
        if spec.minus {
            spec.zero = false;
        }
    }

    /// Skips the character if it comes next, and returns whether it did.
    fn eat(&mut self, c: char) -> bool {
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Reads a width or a precision.
    fn number(&mut self) -> Option<usize> {
        let len = self.rest.bytes().take_while(u8::is_ascii_digit).count();
        let (digits, rest) = self.rest.split_at(len);
        let number = digits.parse::<usize>().ok().filter(|&number| number <= MAX_WIDTH);
        if number.is_some() {
            self.rest = rest;
        }
        number
    }

    /// Takes the next value, and returns it if it can be a width or a precision.
    fn star(&mut self) -> Option<i64> {
        let value = self.values.get(self.next);
        self.next += usize::from(value.is_some());
        let number = match value? {
            Value::Int(number) | Value::Int64(number) => *number,
            Value::Byte(byte) => i64::from(*byte),
            _ => return None,
        };
        (number.unsigned_abs() <= MAX_WIDTH as u64).then_some(number)
    }

    /// Reads an argument index such as `[3]`, and returns whether it is valid.
    fn argument_index(&mut self) -> bool {
        let Some(inner) = self.rest.strip_prefix('[') else {
            return false;
        };
        self.reordered = true;
        let Some(len) = inner.find(']') else {
            self.good_index = false;
            self.rest = inner;
            return false;
        };
        self.rest = &inner[len + 1..];
        let index = inner[..len]
            .parse::<usize>()
            .ok()
            .filter(|&index| (1..=self.values.len()).contains(&index));
        match index {
            Some(index) => {
                self.next = index - 1;
                true
            }
            None => {
                self.good_index = false;
                false
            }
        }
    }
}
