//! Helpers for the fuzz targets.

use std::fmt::Debug;

/// Splits an input at its NUL bytes into texts. Seeds written this way can be read and edited.
///
/// Returns nothing if the input is not UTF-8.
pub fn texts(data: &[u8]) -> Option<std::str::Split<'_, char>> {
    str::from_utf8(data).ok().map(|text| text.split('\0'))
}

/// Splits an input into pieces whose lengths its first bytes give, in turn.
///
/// The first byte, modulo 8, is the number of lengths. Each length is a byte: up to 199 it counts bytes, and above that
/// KiB. Returns the pieces, and the bytes that were split.
pub fn cut(data: &[u8]) -> (Vec<&[u8]>, &[u8]) {
    let Some((count, data)) = data.split_first() else {
        return (Vec::new(), data);
    };
    let (lens, data) = data.split_at(data.len().min(usize::from(count % 8)));
    let lens: Vec<usize> = lens.iter().map(|len| piece_len(*len)).collect();
    let mut rest = data;
    let mut pieces = Vec::new();
    for len in lens.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, after) = rest.split_at(rest.len().min(*len));
        pieces.push(piece);
        rest = after;
    }
    if !rest.is_empty() {
        pieces.push(rest);
    }
    (pieces, data)
}

fn piece_len(byte: u8) -> usize {
    match byte {
        0 => 1,
        1..200 => usize::from(byte),
        200.. => usize::from(byte - 199) << 10,
    }
}

/// Panics unless both are equal, and shows only the first elements that differ.
pub fn assert_same<T: Debug + PartialEq>(left: &[T], right: &[T]) {
    if let Some(at) = (0..left.len().max(right.len())).find(|at| left.get(*at) != right.get(*at)) {
        panic!("number {at} differs: {:?} and {:?}", left.get(at), right.get(at));
    }
}
