//! Aggregates as the Kinesis Producer Library (KPL) writes them ("KPL Aggregated Record Format").

use md5::{Digest, Md5};

const MAGIC: [u8; 4] = [0xf3, 0x89, 0x9a, 0xc2];
/// The keys of length-delimited protobuf fields: the field number, and 2 as the wire type.
const PARTITION_KEY: u8 = 1 << 3 | 2;
const USER_RECORD: u8 = 3 << 3 | 2;
const DATA: u8 = 3 << 3 | 2;
/// The key of a varint field.
const PARTITION_KEY_INDEX: u8 = 1 << 3;

/// Returns an aggregate of user records with these data, all with the same partition key.
pub fn aggregate(data: &[&[u8]]) -> Vec<u8> {
    let messages: Vec<Vec<u8>> = data.iter().map(|data| user_record(data)).collect();
    aggregate_of(&messages)
}

/// Returns an aggregate with these messages in place of user records.
pub fn aggregate_of(messages: &[Vec<u8>]) -> Vec<u8> {
    let mut protobuf = field(PARTITION_KEY, b"p");
    for message in messages {
        protobuf.extend(field(USER_RECORD, message));
    }
    sealed(&protobuf)
}

/// Returns the protobuf message of a user record with these data.
pub fn user_record(data: &[u8]) -> Vec<u8> {
    [&[PARTITION_KEY_INDEX, 0][..], &field(DATA, data)].concat()
}

/// Wraps any bytes in the magic number and their MD5.
pub fn sealed(protobuf: &[u8]) -> Vec<u8> {
    [&MAGIC[..], protobuf, &Md5::digest(protobuf)[..]].concat()
}

fn field(key: u8, bytes: &[u8]) -> Vec<u8> {
    let mut field = vec![key];
    let mut len = bytes.len();
    while len >= 0x80 {
        field.push(len as u8 | 0x80);
        len >>= 7;
    }
    field.push(len as u8);
    field.extend_from_slice(bytes);
    field
}
