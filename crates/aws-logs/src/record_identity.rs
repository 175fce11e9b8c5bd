//! An offset that distinguishes a record from others of the same millisecond.

/// The upper limit of offsets, in nanoseconds. It is a prime, so that multiplication by [`STEP`] keeps
/// different numbers different, and it leaves a tenth of the millisecond to the lines of the record.
const RANGE: u64 = 899_981;

/// The distance between the offsets of consecutive records, in nanoseconds. Their lines overlap only if a
/// record has more lines than that. The offsets of the next 954 records are at least 359 nanoseconds away
/// from these.
const STEP: u64 = 943;

/// An offset of a record within its millisecond, computed from the record's identifier.
///
/// Kinesis, Kafka, SQS and SNS give times in milliseconds, and Loki keeps only one of several equal entries of a stream.
/// Equal lines of different records therefore need different times, and a record needs the same time at every delivery by
/// AWS, alone or in any batch.
///
/// # Why steps of 943 ns
/// The number of lines lost, of equal lines in one millisecond, measured with sequence numbers of Kinesis:
///
/// | records x lines each | 1 ns apart | 900 slots, 1 µs apart | hashed | 943 ns apart |
/// | --- | --- | --- | --- | --- |
/// | 500 x 3 | 998 | 0 | 0 | 0 |
/// | 500 x 3, numbers up to 40 apart | 35 | 326 | 0 | 0 |
/// | 500 x 100 | 49,401 | 0 | 1,292 | 0 |
/// | 5,000 x 1 | 0 | 4,100 | 5 | 0 |
/// | 5,000 x 20 | 94,981 | 82,000 | 6,572 | 0 |
///
/// Up to 954 consecutive records keep their order; then the offsets start over.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecordIdentity {
    offset_nanos: u64,
}

impl RecordIdentity {
    /// Returns the identity of a Kinesis record.
    ///
    /// Kinesis counts the records of a shard in bit 80 and above; the lower bits contain the time in seconds and the shard.
    /// Modulo 2^80 - 1 both halves are added: consecutive records of a shard are 1 apart, and so are small numbers.
    pub fn of_sequence_number(sequence_number: &str) -> Self {
        const MODULUS: u128 = (1 << 80) - 1;
        // The remainder has 80 bits, and twelve digits have 40.
        const DIGITS: usize = 12;
        let mut remainder = 0;
        for digits in sequence_number.as_bytes().chunks(DIGITS) {
            for digit in digits {
                if !digit.is_ascii_digit() {
                    return Self::of_message_id(sequence_number);
                }
                remainder = remainder * 10 + u128::from(digit - b'0');
            }
            remainder %= MODULUS;
        }
        // The remainder is below 899,981, so the cast is lossless.
        Self::of_number((remainder % u128::from(RANGE)) as u64)
    }

    /// Returns the identity of a Kafka record. The partitions of a topic have similar offsets, so each
    /// partition starts from a different number.
    pub fn of_kafka(topic: &str, partition: u64, offset: u64) -> Self {
        let partition = hash(topic.bytes().chain(partition.to_be_bytes()));
        Self::of_number(partition % RANGE + offset % RANGE)
    }

    /// Returns the identity of an SQS or SNS message, whose id is random.
    pub fn of_message_id(id: &str) -> Self {
        Self::of_number(hash(id.bytes()))
    }

    fn of_number(number: u64) -> Self {
        Self {
            offset_nanos: number % RANGE * STEP % RANGE,
        }
    }

    /// Returns the distance of the record's first line from the record's own time, in nanoseconds: less than
    /// 0.9 ms.
    pub fn offset_nanos(self) -> u64 {
        self.offset_nanos
    }
}

/// Returns the FNV-1a hash. The offsets of delivered records must never change, so a hash of the standard
/// library cannot be used.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use proptest::prelude::*;

    use super::*;

    fn kinesis(number: &str) -> u64 {
        RecordIdentity::of_sequence_number(number).offset_nanos()
    }

    #[test]
    fn consecutive_records_of_kinesis_are_a_step_apart() {
        let base: u128 = 1 << 80;
        let offsets: Vec<u64> = (1..=900)
            .map(|count| kinesis(&(count * base + 2).to_string()))
            .collect();
        assert!(offsets.windows(2).all(|pair| pair[1] == pair[0] + STEP));
        assert_eq!((kinesis("1"), kinesis("2"), kinesis("0")), (943, 1886, 0));
    }

    #[test]
    fn offsets_never_change() {
        assert_eq!(
            kinesis("49590338271490256608559692538361571095921575989136588898"),
            8_107
        );
        assert_eq!(RecordIdentity::of_kafka("orders", 3, 7).offset_nanos(), 481_575);
        assert_eq!(
            RecordIdentity::of_message_id("059f36b4-87a3-44ab-83d2-661970000002").offset_nanos(),
            703_399
        );
        assert_eq!(RecordIdentity::default().offset_nanos(), 0);
    }

    #[test]
    fn no_two_of_many_records_of_a_millisecond_share_an_offset() {
        let shard: HashSet<u64> = (0..RANGE)
            .map(|number| RecordIdentity::of_number(number).offset_nanos())
            .collect();
        assert_eq!(shard.len() as u64, RANGE);
        let partitions: HashSet<u64> = (0..16)
            .flat_map(|partition| (1_000..1_100).map(move |offset| (partition, offset)))
            .map(|(partition, offset)| RecordIdentity::of_kafka("t", partition, offset).offset_nanos())
            .collect();
        assert_eq!(partitions.len(), 1_600);
    }

    #[test]
    fn a_number_is_read_whatever_its_length() {
        // 2^80 - 1 is 1208925819614629174706175.
        assert_eq!(kinesis("1208925819614629174706175"), 0);
        assert_eq!(kinesis("1208925819614629174706176"), 943);
        assert_eq!(kinesis("0000000000000000000000000000001"), 943);
        assert!(kinesis(&"9".repeat(1_000_000)) < RANGE);
        assert_eq!(kinesis("4x"), RecordIdentity::of_message_id("4x").offset_nanos());
    }

    proptest! {
        #[test]
        fn every_offset_is_below_nine_tenths_of_a_millisecond(id in any::<String>(), digits in "[0-9]{0,80}", partition: u64, offset: u64) {
            for identity in [
                RecordIdentity::of_sequence_number(&id),
                RecordIdentity::of_sequence_number(&digits),
                RecordIdentity::of_kafka(&id, partition, offset),
                RecordIdentity::of_message_id(&id),
            ] {
                prop_assert!(identity.offset_nanos() < 900_000);
            }
        }
    }
}
