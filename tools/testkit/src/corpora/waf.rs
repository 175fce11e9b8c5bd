//! Web ACL logs, after "Log fields" in the AWS WAF developer guide.

use std::fmt::Write;

use super::draw::Draw;

const RULES: [&str; 5] = [
    "AWS#AWSManagedRulesCommonRuleSet",
    "AWS#AWSManagedRulesKnownBadInputsRuleSet",
    "AWS#AWSManagedRulesAmazonIpReputationList",
    "AWS#AWSManagedRulesSQLiRuleSet",
    "AWS#AWSManagedRulesBotControlRuleSet",
];

pub(super) fn line(draw: &mut Draw, out: &mut String) {
    let now = draw.tick().unix_millis();
    let (client, path, agent) = (draw.client(), draw.path(), draw.agent());
    let (method, request, trace) = (draw.method(), draw.hex(8), draw.hex(24));
    let (country, action) = (
        draw.one(&["DE", "FR", "US", "GB", "NL"]),
        draw.one(&["ALLOW", "ALLOW", "ALLOW", "BLOCK"]),
    );
    let fingerprint = draw.hex(32);
    // Writing to a String cannot fail.
    let _ = write!(
        out,
        r#"{{"timestamp":{now},"formatVersion":1,"webaclId":"arn:aws:wafv2:eu-west-1:111122223333:regional/webacl/edge/12345678-1234-1234-1234-123456789012","terminatingRuleId":"Default_Action","terminatingRuleType":"REGULAR","action":"{action}","terminatingRuleMatchDetails":[],"httpSourceName":"ALB","httpSourceId":"111122223333-app/shop/0a1b2c3d4e5f6071","ruleGroupList":["#
    );
    for (index, rule) in RULES.iter().enumerate() {
        let comma = if index > 0 { "," } else { "" };
        let _ = write!(
            out,
            r#"{comma}{{"ruleGroupId":"{rule}","terminatingRule":null,"nonTerminatingMatchingRules":[],"excludedRules":null,"customerConfig":null}}"#
        );
    }
    let _ = writeln!(
        out,
        r#"],"rateBasedRuleList":[],"nonTerminatingMatchingRules":[],"requestHeadersInserted":null,"responseCodeSent":null,"httpRequest":{{"clientIp":"{client}","country":"{country}","headers":[{{"name":"host","value":"shop.example.com"}},{{"name":"user-agent","value":"{agent}"}},{{"name":"accept","value":"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"}},{{"name":"accept-language","value":"en-US,en;q=0.5"}},{{"name":"accept-encoding","value":"gzip, deflate, br"}},{{"name":"x-request","value":"say \"{request}\""}}],"uri":"{path}","args":"id={request}","httpVersion":"HTTP/2.0","httpMethod":"{method}","requestId":"1-{request}-{trace}"}},"labels":[{{"name":"awswaf:clientip:geo:country:{country}"}}],"ja3Fingerprint":"{fingerprint}"}}"#
    );
}
