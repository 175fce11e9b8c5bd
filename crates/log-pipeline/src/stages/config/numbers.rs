//! Values of one type written as another: the weak decoding that some stages have.

use super::Node;
use crate::stages::value::number_text;

/// How forgiving a stage is about the types of its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Decoding {
    Strict,
    Weak,
}

pub(super) fn text(node: &Node, decoding: Decoding) -> Option<String> {
    match node {
        Node::Text(text) => Some(text.clone()),
        Node::Number(number) if decoding == Decoding::Weak => Some(number_text(*number)),
        Node::Bool(bool) if decoding == Decoding::Weak => Some(if *bool { "1" } else { "0" }.to_owned()),
        _ => None,
    }
}

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

pub(super) fn number(node: &Node, decoding: Decoding) -> Option<f64> {
    match node {
        Node::Number(number) => Some(*number),
        Node::Bool(bool) if decoding == Decoding::Weak => Some(f64::from(u8::from(*bool))),
        Node::Text(text) if decoding == Decoding::Weak && text.is_empty() => Some(0.0),
        Node::Text(text) if decoding == Decoding::Weak => text.parse().ok(),
        _ => None,
    }
}

/// A number without its fraction; text must be whole.
pub(super) fn integer(node: &Node, decoding: Decoding) -> Option<i64> {
    match node {
        Node::Text(text) if decoding == Decoding::Weak && !text.is_empty() => text.parse().ok(),
        // The cast stops at the ends of the range.
        node => number(node, decoding).map(|number| number.trunc() as i64),
    }
}
