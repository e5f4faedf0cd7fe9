"""Checks S3 with boto3. Prints one line for each check that passes. A failed check ends the program."""
import hashlib
import io
import urllib.request

import boto3
from boto3.s3.transfer import TransferConfig
from botocore.exceptions import ClientError

s3 = boto3.client("s3")
BUCKET = "boto"
MB = 1024 * 1024


def code(call, **arguments):
    try:
        call(**arguments)
    except ClientError as error:
        return error.response["Error"]["Code"]
    return "no error"


s3.create_bucket(Bucket=BUCKET)
for key in ["a b+c%20é.jpg", "../x", "//double", "🦈", "new\nline"]:
    s3.put_object(Bucket=BUCKET, Key=key, Body=key.encode(), Metadata={"n": "1"})
    read = s3.get_object(Bucket=BUCKET, Key=key)
    assert read["Body"].read() == key.encode(), key
    assert read["Metadata"] == {"n": "1"}
listed = [entry["Key"] for entry in s3.list_objects_v2(Bucket=BUCKET)["Contents"]]
assert sorted(listed) == sorted(["a b+c%20é.jpg", "../x", "//double", "🦈", "new\nline"]), listed
print("odd keys")

for algorithm in ["CRC32", "SHA1", "SHA256"]:
    written = s3.put_object(Bucket=BUCKET, Key="sum", Body=b"x", ChecksumAlgorithm=algorithm)
    read = s3.get_object(Bucket=BUCKET, Key="sum", ChecksumMode="ENABLED")
    assert read["Checksum" + algorithm] == written["Checksum" + algorithm]
    read["Body"].read()
print("checksums")

big = bytes(range(256)) * (70 * 1024)
s3.upload_fileobj(io.BytesIO(big), BUCKET, "big", Config=TransferConfig(multipart_threshold=8 * MB))
head = s3.head_object(Bucket=BUCKET, Key="big")
assert head["ContentLength"] == len(big) and head["ETag"].endswith('-3"'), head
into = io.BytesIO()
s3.download_fileobj(BUCKET, "big", into)
assert hashlib.sha256(into.getvalue()).digest() == hashlib.sha256(big).digest()
print("managed transfer")

s3.copy({"Bucket": BUCKET, "Key": "big"}, BUCKET, "copy", Config=TransferConfig(multipart_threshold=8 * MB))
assert s3.head_object(Bucket=BUCKET, Key="copy")["ContentLength"] == len(big)
print("managed copy")

upload = s3.create_multipart_upload(Bucket=BUCKET, Key="raw")["UploadId"]
one = s3.upload_part(Bucket=BUCKET, Key="raw", UploadId=upload, PartNumber=1, Body=b"only")
s3.complete_multipart_upload(
    Bucket=BUCKET,
    Key="raw",
    UploadId=upload,
    MultipartUpload={"Parts": [{"PartNumber": 1, "ETag": one["ETag"]}]},
)
assert s3.get_object(Bucket=BUCKET, Key="raw")["Body"].read() == b"only"
small = s3.create_multipart_upload(Bucket=BUCKET, Key="small")["UploadId"]
parts = []
for number in (1, 2):
    part = s3.upload_part(Bucket=BUCKET, Key="small", UploadId=small, PartNumber=number, Body=b"x")
    parts.append({"PartNumber": number, "ETag": part["ETag"]})
about = {"Bucket": BUCKET, "Key": "small", "UploadId": small}
assert code(s3.complete_multipart_upload, **about, MultipartUpload={"Parts": parts}) == "EntityTooSmall"
s3.abort_multipart_upload(**about)
assert code(s3.list_parts, **about) == "NoSuchUpload"
print("multipart by hand")

url = s3.generate_presigned_url("get_object", Params={"Bucket": BUCKET, "Key": "a b+c%20é.jpg"})
assert urllib.request.urlopen(url).read() == "a b+c%20é.jpg".encode()
print("presigned")

assert code(s3.get_object, Bucket=BUCKET, Key="none") == "NoSuchKey"
assert code(s3.head_object, Bucket=BUCKET, Key="none") == "404"
assert code(s3.list_objects_v2, Bucket="nowhere") == "NoSuchBucket"
assert code(s3.get_bucket_policy, Bucket=BUCKET) == "NoSuchBucketPolicy"
assert code(s3.get_object, Bucket=BUCKET, Key="big", Range=f"bytes={len(big)}-") == "InvalidRange"
assert code(s3.put_object, Bucket=BUCKET, Key="big", Body=b"", IfNoneMatch="*") == "PreconditionFailed"
print("errors")

rules = [{"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 3}}]
s3.put_bucket_lifecycle_configuration(Bucket=BUCKET, LifecycleConfiguration={"Rules": rules})
assert s3.get_bucket_lifecycle_configuration(Bucket=BUCKET)["Rules"] == rules
cors = [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"], "MaxAgeSeconds": 5}]
s3.put_bucket_cors(Bucket=BUCKET, CORSConfiguration={"CORSRules": cors})
assert s3.get_bucket_cors(Bucket=BUCKET)["CORSRules"] == cors
s3.put_bucket_notification_configuration(
    Bucket=BUCKET, NotificationConfiguration={"EventBridgeConfiguration": {}}
)
assert "EventBridgeConfiguration" in s3.get_bucket_notification_configuration(Bucket=BUCKET)
s3.put_object_tagging(Bucket=BUCKET, Key="big", Tagging={"TagSet": [{"Key": "a", "Value": "b"}]})
assert s3.get_object_tagging(Bucket=BUCKET, Key="big")["TagSet"] == [{"Key": "a", "Value": "b"}]
assert s3.get_bucket_location(Bucket=BUCKET)["LocationConstraint"] is None
print("settings")

s3.put_bucket_versioning(Bucket=BUCKET, VersioningConfiguration={"Status": "Enabled"})
assert s3.get_bucket_versioning(Bucket=BUCKET)["Status"] == "Enabled"
first = s3.put_object(Bucket=BUCKET, Key="v", Body=b"1")["VersionId"]
s3.put_object(Bucket=BUCKET, Key="v", Body=b"2")
s3.delete_object(Bucket=BUCKET, Key="v")
assert s3.get_object(Bucket=BUCKET, Key="v", VersionId=first)["Body"].read() == b"1"
page = s3.list_object_versions(Bucket=BUCKET, Prefix="v")
assert len(page["Versions"]) == 2 and len(page["DeleteMarkers"]) == 1
bucket = boto3.resource("s3").Bucket(BUCKET)
bucket.object_versions.delete()
s3.delete_bucket(Bucket=BUCKET)
print("versions")
