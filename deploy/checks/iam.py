"""What policies allow, evaluated as IAM does, and what those of a deployment must not allow.

A deployment is asked the same questions in each configuration. It must say yes to those that the configuration needs,
and no to all others: a policy that allows more fails, and so does one that allows less.
"""

import fnmatch

ACCOUNT = "123456789012"
REGION = "eu-west-1"

# IAM offers no resources for these actions.
WITHOUT_RESOURCES = {"ec2:DescribeNetworkInterfaces", "ec2:DescribeSubnets"}
# What may invoke the function or send to its queues.
SERVICES = {"events.amazonaws.com", "logs.amazonaws.com", "s3.amazonaws.com"}


def arn(service, resource):
    return f"arn:aws:{service}:{REGION}:{ACCOUNT}:{resource}"


OBJECT = "arn:aws:s3:::logs/AWSLogs/one.log.gz"
STREAM = arn("kinesis", "stream/app")
SECRET = arn("secretsmanager", "secret:loki-AbCdEf")
PARAMETER = arn("ssm", "parameter/loki/password")
KEY = arn("kms", "key/11111111-2222-3333-4444-555555555555")

# What each source or setting needs. Of `own`, `queue` and `on_failure` a deployment has ARNs of its own.
NEEDS = {
    "always": {("logs:CreateLogStream", "{own}:log-stream:x"), ("logs:PutLogEvents", "{own}:log-stream:x"), ("sqs:SendMessage", "{on_failure}")},
    "objects": {("s3:GetObject", OBJECT)},
    "queue": {("sqs:ReceiveMessage", "{queue}"), ("sqs:DeleteMessage", "{queue}"), ("sqs:GetQueueAttributes", "{queue}")},
    "continuation": {("sqs:SendMessage", "{queue}")},
    "redrive": {("sqs:ReceiveMessage", "{on_failure}"), ("sqs:DeleteMessage", "{on_failure}"), ("sqs:GetQueueAttributes", "{on_failure}")},
    "stream": {(f"kinesis:{action}", STREAM) for action in ("DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards")},
    "tags": {("logs:ListTagsForResource", arn("logs", "log-group:/aws/lambda/checkout"))},
    "secret": {("secretsmanager:GetSecretValue", SECRET)},
    "parameter": {("ssm:GetParameter", PARAMETER)},
    "key": {("kms:Decrypt", KEY)},
    "subnets": {(f"ec2:{action}", arn("ec2", "network-interface/eni-1")) for action in ("CreateNetworkInterface", "DeleteNetworkInterface", "AssignPrivateIpAddresses", "UnassignPrivateIpAddresses")}
    | {(action, "*") for action in WITHOUT_RESOURCES},
}

# What no configuration needs.
NEVER = {
    ("logs:PutLogEvents", arn("logs", "log-group:/aws/lambda/other:log-stream:x")),
    ("logs:CreateLogGroup", arn("logs", "log-group:/aws/lambda/other")),
    ("logs:GetLogEvents", "{own}:log-stream:x"),
    ("logs:DeleteLogGroup", "{own}"),
    ("logs:TagResource", arn("logs", "log-group:/aws/lambda/checkout")),
    ("s3:GetObject", "arn:aws:s3:::logs/private/one.log.gz"),
    ("s3:GetObject", "arn:aws:s3:::other/AWSLogs/one.log.gz"),
    ("s3:PutObject", OBJECT),
    ("s3:DeleteObject", OBJECT),
    ("s3:ListBucket", "arn:aws:s3:::logs"),
    ("s3:ListAllMyBuckets", "*"),
    ("sqs:ReceiveMessage", arn("sqs", "other")),
    ("sqs:DeleteMessage", arn("sqs", "other")),
    ("sqs:SendMessage", arn("sqs", "other")),
    ("sqs:PurgeQueue", "{queue}"),
    ("sqs:DeleteQueue", "{queue}"),
    ("sqs:SetQueueAttributes", "{queue}"),
    ("sqs:PurgeQueue", "{on_failure}"),
    ("sns:Publish", arn("sns", "on-call")),
    ("kinesis:GetRecords", arn("kinesis", "stream/other")),
    ("kinesis:PutRecord", STREAM),
    ("kinesis:DeleteStream", STREAM),
    ("secretsmanager:GetSecretValue", arn("secretsmanager", "secret:other-AbCdEf")),
    ("secretsmanager:PutSecretValue", SECRET),
    ("secretsmanager:ListSecrets", "*"),
    ("ssm:GetParameter", arn("ssm", "parameter/other")),
    ("ssm:PutParameter", PARAMETER),
    ("kms:Decrypt", arn("kms", "key/99999999-2222-3333-4444-555555555555")),
    ("kms:Encrypt", KEY),
    ("kms:CreateGrant", KEY),
    ("ec2:RunInstances", arn("ec2", "instance/*")),
    ("ec2:DescribeInstances", "*"),
    ("lambda:InvokeFunction", arn("lambda", "function:lambda_promtail")),
    ("lambda:UpdateFunctionConfiguration", arn("lambda", "function:lambda_promtail")),
    ("iam:PassRole", f"arn:aws:iam::{ACCOUNT}:role/admin"),
    ("iam:PutRolePolicy", f"arn:aws:iam::{ACCOUNT}:role/lambda_promtail"),
    ("sts:AssumeRole", f"arn:aws:iam::{ACCOUNT}:role/admin"),
}


def several(value):
    return value if isinstance(value, list) else [value]


def matches(patterns, text):
    # In a policy only * and ? have a meaning.
    return any(fnmatch.fnmatchcase(text, pattern.replace("[", "[[]")) for pattern in several(patterns))


def allows(statements, action, resource):
    """Whether a policy without denials allows the action on the resource."""
    for statement in statements:
        # Names of actions have no case.
        actions = [each.lower() for each in several(statement.get("Action", []))]
        if matches(actions, action.lower()) and matches(statement.get("Resource", []), resource):
            return True
    return False


def role_faults(statements, trust, needed, names):
    """What is wrong with a role that needs what `needed` names: a text for each fault."""
    faults = []
    for statement in statements:
        sid = statement.get("Sid", statement)
        if unknown := sorted(set(statement) - {"Sid", "Effect", "Action", "Resource"}):
            faults.append(f"{sid}: {', '.join(unknown)} is not evaluated here")
        if statement["Effect"] != "Allow":
            faults.append(f"{sid}: the effect {statement['Effect']} is not evaluated here")
        if any("*" in action for action in several(statement.get("Action", []))):
            faults.append(f"{sid}: a wildcard in an action")
        if "*" in several(statement.get("Resource", [])) and not set(several(statement["Action"])) <= WITHOUT_RESOURCES:
            faults.append(f"{sid}: any resource")
    expected = set().union(*(NEEDS[need] for need in needed))
    for action, resource in set().union(NEVER, *NEEDS.values()):
        may = allows(statements, action, resource.format(**names))
        if may != ((action, resource) in expected):
            faults.append(f"{action} on {resource}: {'allowed' if may else 'not allowed'}")
    if [(each["Effect"], each["Action"], each["Principal"]) for each in trust] != [("Allow", "sts:AssumeRole", {"Service": "lambda.amazonaws.com"})]:
        faults.append(f"others than Lambda may assume the role: {trust}")
    return sorted(faults)


def resource_policy_faults(statements, action):
    """What is wrong with the policy of a queue or of the function, which lets services of this account do one action."""
    faults = []
    for statement in statements:
        principal = statement["Principal"]
        if not isinstance(principal, dict) or set(principal) != {"Service"} or not set(several(principal["Service"])) <= SERVICES:
            faults.append(f"the principal {principal}")
        if statement["Effect"] != "Allow" or several(statement["Action"]) != [action]:
            faults.append(f"the action {statement['Action']}")
        if "*" in several(statement["Resource"]):
            faults.append("any resource")
        conditions = {key.lower(): several(value) for condition in statement.get("Condition", {}).values() for key, value in condition.items()}
        accounts = conditions.get("aws:sourceaccount", [])
        sources = conditions.get("aws:sourcearn", [])
        # An ARN of S3 has no account, and the owner of a bucket that is deleted changes.
        if accounts != [ACCOUNT] and not (sources and all(f":{ACCOUNT}:" in source for source in sources)):
            faults.append(f"sources of other accounts: {conditions}")
    return faults
