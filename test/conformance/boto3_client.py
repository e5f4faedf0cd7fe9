"""One boto3 client, driven line by line: {"operation", "input"} in, {"output"} or {"code", "message"} out."""
import json
import sys

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError

client = boto3.client(sys.argv[1])
for line in sys.stdin:
    request = json.loads(line)
    try:
        output = getattr(client, xform_name(request["operation"]))(**request["input"])
        output.pop("ResponseMetadata", None)
        answer = {"output": output}
    except ClientError as error:
        answer = {"code": error.response["Error"]["Code"], "message": error.response["Error"]["Message"]}
    except Exception as error:
        answer = {"code": type(error).__name__, "message": str(error)}
    print(json.dumps(answer, default=str), flush=True)
