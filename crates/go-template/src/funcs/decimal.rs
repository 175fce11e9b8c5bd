//! Decimal arithmetic for sprig's `addf` and the like, in which 0.1 plus 0.2 is 0.3.
//!
//! `github.com/shopspring/decimal` has an unlimited number of digits. Here a number has at most 38 digits; a longer
//! one is computed as a float.

use crate::env::{ExecResult, fail};

/// A decimal number, `mantissa * 10^exponent`.
#[derive(Clone, Copy, Debug)]
struct Decimal {
    mantissa: i128,
    exponent: i32,
}

/// An arithmetic operation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operation {
    Add,
    Subtract,
    Multiply,
    Divide,
}

/// The number of digits after the point of a quotient.
const QUOTIENT_DIGITS: i32 = 16;

/// Applies the operation to the numbers from left to right.
pub(crate) fn fold(first: f64, others: impl Iterator<Item = f64>, operation: Operation) -> ExecResult<f64> {
    let mut exact = Decimal::from_float(first);
    let mut float = first;
    for other in others {
        if !float.is_finite() || !other.is_finite() {
            return fail("cannot create a decimal from NaN or an infinity");
        }
        if operation == Operation::Divide && other == 0.0 {
            return fail("decimal division by 0");
        }
        exact = exact
            .zip(Decimal::from_float(other))
            .and_then(|(left, right)| left.apply(right, operation));
        float = match (&exact, operation) {
            (Some(decimal), _) => decimal.to_float(),
            (None, Operation::Add) => float + other,
            (None, Operation::Subtract) => float - other,
            (None, Operation::Multiply) => float * other,
            (None, Operation::Divide) => float / other,
        };
        // A number that became too long continues as a float.
        if exact.is_none() {
            exact = Decimal::from_float(float);
        }
    }
    if !float.is_finite() {
        return fail("cannot create a decimal from NaN or an infinity");
    }
    Ok(float)
}

impl Decimal {
    /// Returns the shortest decimal number that identifies the float.
    fn from_float(float: f64) -> Option<Self> {
        let text = format!("{float:e}");
        let (digits, exponent) = text.split_once('e')?;
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        Some(Self {
            mantissa: format!("{whole}{fraction}").parse().ok()?,
            exponent: exponent.parse::<i32>().ok()? - i32::try_from(fraction.len()).ok()?,
        })
    }

    /// Returns the nearest float.
    fn to_float(self) -> f64 {
        // A number in this form always parses.
        format!("{}e{}", self.mantissa, self.exponent)
            .parse()
            .unwrap_or(0.0)
    }

    /// Returns the exact result, or `None` if it has too many digits.
    fn apply(self, other: Self, operation: Operation) -> Option<Self> {
        match operation {
            Operation::Add | Operation::Subtract => {
                let exponent = self.exponent.min(other.exponent);
                let (left, right) = (self.scaled(exponent)?, other.scaled(exponent)?);
                let mantissa = match operation {
                    Operation::Add => left.checked_add(right)?,
                    _ => left.checked_sub(right)?,
                };
                Some(Self { mantissa, exponent })
            }
            Operation::Multiply => Some(Self {
                mantissa: self.mantissa.checked_mul(other.mantissa)?,
                exponent: self.exponent.checked_add(other.exponent)?,
            }),
            Operation::Divide => {
                // The quotient is computed in units of 10^-16.
                let shift = self
                    .exponent
                    .checked_sub(other.exponent)?
                    .checked_add(QUOTIENT_DIGITS)?;
                let power = 10i128.checked_pow(shift.unsigned_abs())?;
                let (left, right) = if shift >= 0 {
                    (self.mantissa.checked_mul(power)?, other.mantissa)
                } else {
                    (self.mantissa, other.mantissa.checked_mul(power)?)
                };
                let (quotient, remainder) = (left.checked_div(right)?, left.checked_rem(right)?);
                let away = i128::from(remainder.checked_mul(2)?.unsigned_abs() >= right.unsigned_abs());
                let sign = if (left < 0) == (right < 0) { 1 } else { -1 };
                Some(Self {
                    mantissa: quotient.checked_add(away * sign)?,
                    exponent: -QUOTIENT_DIGITS,
                })
            }
        }
    }

    /// Returns the mantissa for a lower exponent.
    fn scaled(self, exponent: i32) -> Option<i128> {
        let by = u32::try_from(self.exponent - exponent).ok()?;
        if self.mantissa == 0 {
            return Some(0);
        }
        self.mantissa.checked_mul(10i128.checked_pow(by)?)
    }
}
