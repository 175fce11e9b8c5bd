//! The account and the region that a key names.

use super::vended::value;

/// The account and the region of the logs in an object, as far as its key names them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyOrigin<'k> {
    /// The account: twelve digits.
    pub account: Option<&'k str>,
    /// The region, such as `eu-west-1`.
    pub region: Option<&'k str>,
}

impl<'k> KeyOrigin<'k> {
    /// Returns what the key names: an account after `AWSLogs/`, and the first region after it. Elsewhere in a key
    /// twelve digits may be a date, so they count as an account only if a region follows at once, as in
    /// `<account>/<region>/<bucket>/` (Amazon S3 user guide, "Amazon S3 server access log object key format").
    pub fn of(key: &'k str) -> Self {
        let folder = key.rsplit_once('/').map_or("", |(folder, _)| folder);
        let mut after_root = folder
            .match_indices("AWSLogs/")
            .map(|(at, root)| &folder[at + root.len()..]);
        let vended = after_root.find_map(|rest| {
            let mut segments = rest.split('/').map(value);
            // An organization may come before the account.
            let account = segments.by_ref().take(2).find(|segment| is_account(segment))?;
            Some(Self {
                account: Some(account),
                region: segments.find(|segment| is_region(segment)),
            })
        });
        vended.or_else(|| Self::of_pair(folder)).unwrap_or_default()
    }

    /// Returns the first account that a region follows.
    fn of_pair(folder: &'k str) -> Option<Self> {
        let segments = folder.split('/');
        let mut pairs = segments.clone().zip(segments.skip(1));
        let (account, region) = pairs.find(|(account, region)| is_account(account) && is_region(region))?;
        Some(Self {
            account: Some(account),
            region: Some(region),
        })
    }
}

fn is_account(segment: &str) -> bool {
    segment.len() == 12 && segment.bytes().all(|byte| byte.is_ascii_digit())
}

/// Returns whether the folder has the form of a region's code: letters, a direction, a number, as in `eu-west-1` and
/// `us-gov-east-1` (AWS General Reference, "AWS service endpoints").
fn is_region(segment: &str) -> bool {
    let Some((rest, number)) = segment.rsplit_once('-') else {
        return false;
    };
    let Some((area, direction)) = rest.rsplit_once('-') else {
        return false;
    };
    let is_direction = matches!(
        direction,
        "north"
            | "south"
            | "east"
            | "west"
            | "central"
            | "northeast"
            | "northwest"
            | "southeast"
            | "southwest"
    );
    let is_area = area
        .split('-')
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase()));
    is_direction && is_area && matches!(number.as_bytes(), [b'1'..=b'9'] | [b'1'..=b'9', b'0'..=b'9'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accounts_and_regions_of_keys() {
        for (key, account, region) in [
            (
                "AWSLogs/111122223333/elasticloadbalancing/eu-west-1/2026/03/04/x.log.gz",
                "111122223333",
                "eu-west-1",
            ),
            (
                "a/AWSLogs/o-a1b2c3d4e5/111122223333/CloudTrail/us-gov-east-1/2026/03/04/x.json.gz",
                "111122223333",
                "us-gov-east-1",
            ),
            (
                "AWSLogs/aws-account-id=111122223333/aws-service=vpcflowlogs/aws-region=ap-southeast-5/year=2026/x.log.gz",
                "111122223333",
                "ap-southeast-5",
            ),
            (
                "AWSLogs/111122223333/WAFLogs/cloudfront/acl/2026/03/04/x.log.gz",
                "111122223333",
                "",
            ),
            (
                "202603040506/AWSLogs/111122223333/Config/eusc-de-east-1/x.json.gz",
                "111122223333",
                "eusc-de-east-1",
            ),
            (
                "AWSLogs/x/AWSLogs/111122223333/Config/eu-west-1/x.json.gz",
                "111122223333",
                "eu-west-1",
            ),
            (
                "logs/111122223333/eu-central-1/my-bucket/2026/03/04/2026-03-04-05-06-07-ABCDEF",
                "111122223333",
                "eu-central-1",
            ),
            ("logs/202603040506/x.log", "", ""),
            ("logs/202603040506/my-app-1/x.log", "", ""),
            ("AWSLogs/111122223333", "", ""),
            ("AWSLogs/1111222233334/elasticloadbalancing/eu-west-1/x", "", ""),
            (
                "AWSLogs/111122223333/CloudFront/my-east-coast-1/x",
                "111122223333",
                "",
            ),
            ("111122223333/eu-west-1", "", ""),
            ("é/AWSLogs/é/é", "", ""),
            ("", "", ""),
        ] {
            let some = |text: &'static str| (!text.is_empty()).then_some(text);
            let expected = KeyOrigin {
                account: some(account),
                region: some(region),
            };
            assert_eq!(KeyOrigin::of(key), expected, "{key}");
        }
    }
}
