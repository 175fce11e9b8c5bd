//! Strict and weak decoding of values. Weak decoding, which some stages have upstream, converts values of other
//! types.

use super::Node;
use crate::stages::value::number_text;

/// The way in which a stage decodes values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decoding {
    Strict,
    Weak,
}

/// Decodes a string.
pub(super) fn text(node: &Node, decoding: Decoding) -> Option<String> {
    match node {
        Node::Text(text) => Some(text.clone()),
        Node::Number(number) if decoding == Decoding::Weak => Some(number_text(*number)),
        Node::Bool(bool) if decoding == Decoding::Weak => Some(if *bool { "1" } else { "0" }.to_owned()),
        _ => None,
    }
}

/// Decodes a boolean.
pub(super) fn boolean(node: &Node, decoding: Decoding) -> Option<bool> {
    match node {
        Node::Bool(bool) => Some(*bool),
        Node::Number(number) if decoding == Decoding::Weak => Some(*number != 0.0),
        Node::Text(text) if decoding == Decoding::Weak => match text.as_str() {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
            "" | "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// Decodes a number.
pub(super) fn number(node: &Node, decoding: Decoding) -> Option<f64> {
    match node {
        Node::Number(number) => Some(*number),
        Node::Bool(bool) if decoding == Decoding::Weak => Some(f64::from(u8::from(*bool))),
        Node::Text(text) if decoding == Decoding::Weak && text.is_empty() => Some(0.0),
        Node::Text(text) if decoding == Decoding::Weak => text.parse().ok(),
        _ => None,
    }
}

/// Decodes a whole number. The fraction of a number is removed; text must be a whole number.
pub(super) fn integer(node: &Node, decoding: Decoding) -> Option<i64> {
    match node {
        Node::Text(text) if decoding == Decoding::Weak && !text.is_empty() => text.parse().ok(),
        // The cast saturates.
        node => number(node, decoding).map(|number| number.trunc() as i64),
    }
}
