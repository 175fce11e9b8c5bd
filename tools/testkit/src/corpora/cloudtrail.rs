//! CloudTrail records, after "CloudTrail record contents" in the CloudTrail user guide.

use std::fmt::Write;

use super::draw::Draw;

pub(super) const START: &str = r#"{"Records":["#;
pub(super) const END: &str = "]}";

const CALLS: [(&str, &str); 8] = [
    ("ec2", "DescribeInstances"),
    ("s3", "GetObject"),
    ("sts", "AssumeRole"),
    ("kms", "Decrypt"),
    ("lambda", "UpdateFunctionConfiguration"),
    ("logs", "CreateLogStream"),
    ("iam", "GetRole"),
    ("ssm", "GetParameters"),
];

pub(super) fn record(draw: &mut Draw, out: &mut String) {
    let now = draw.tick();
    let (time, session) = (now.civil('T'), now.civil('T'));
    let (service, call) = CALLS[draw.number(0..CALLS.len() as u64) as usize];
    let (key, principal) = (draw.hex(16).to_uppercase(), draw.number(100..140));
    let (client, request, event) = (draw.client(), draw.uuid(), draw.uuid());
    let (resource, token) = (draw.number(1..3_000), draw.hex(40));
    let read_only = !draw.one_in(6);
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        r#"{{"eventVersion":"1.11","userIdentity":{{"type":"AssumedRole","principalId":"AROAEXAMPLE{principal}:deploy-{principal}","arn":"arn:aws:sts::111122223333:assumed-role/deploy/deploy-{principal}","accountId":"111122223333","accessKeyId":"ASIA{key}","sessionContext":{{"sessionIssuer":{{"type":"Role","principalId":"AROAEXAMPLE{principal}","arn":"arn:aws:iam::111122223333:role/deploy","accountId":"111122223333","userName":"deploy"}},"attributes":{{"creationDate":"{session}Z","mfaAuthenticated":"false"}}}}}},"eventTime":"{time}Z","eventSource":"{service}.amazonaws.com","eventName":"{call}","awsRegion":"eu-west-1","sourceIPAddress":"{client}","userAgent":"aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.1 md/arch#x86_64 lang/python#3.13.7","requestParameters":{{"name":"resource-{resource}","filter":"tag \"team\" is \\shop","nextToken":"{token}"}},"responseElements":null,"requestID":"{request}","eventID":"{event}","readOnly":{read_only},"eventType":"AwsApiCall","managementEvent":true,"recipientAccountId":"111122223333","eventCategory":"Management","tlsDetails":{{"tlsVersion":"TLSv1.3","cipherSuite":"TLS_AES_128_GCM_SHA256","clientProvidedHostHeader":"{service}.eu-west-1.amazonaws.com"}}}}"#
    );
}
