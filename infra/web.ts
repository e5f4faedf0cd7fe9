// The page: files in a bucket behind CloudFront. The browser calls the API and the WebSocket API directly.
import { CONFIG, ENTRY, isHashed, publishedFiles } from "@sluice/web/site/files.ts";
import { urls } from "./live.ts";
import { appStage, ownName } from "./stage.ts";
import { everyObject, uploads } from "./storage.ts";

const bucket = new sst.aws.Bucket("PageFiles", {
  access: "cloudfront",
  cors: false,
  versioning: true,
  lifecycle: [{ id: "unfinished", enabled: true }],
  transform: {
    bucket: { forceDestroy: true },
    // No rule by age: it would also expire the current files. Those of 1,000 earlier builds cost a cent a month.
    lifecycle: (args) => {
      args.rules = [everyObject];
    },
  },
});

new aws.s3.BucketServerSideEncryptionConfiguration("PageFilesEncryption", {
  bucket: bucket.name,
  rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
});

const access = new aws.cloudfront.OriginAccessControl("PageAccess", {
  name: ownName("PageAccess"),
  originAccessControlOriginType: "s3",
  signingBehavior: "always",
  signingProtocol: "sigv4",
});

const uploading = $interpolate`https://${uploads.nodes.bucket.bucketRegionalDomainName}`;

const headers = new aws.cloudfront.ResponseHeadersPolicy("PageHeaders", {
  name: ownName("PageHeaders"),
  securityHeadersConfig: {
    contentSecurityPolicy: {
      contentSecurityPolicy: $util
        .all([
          "default-src 'none'",
          "script-src 'self'",
          "style-src 'self'",
          // Predicted images are fetched with the token and shown as blobs; samples of a dataset by signed URLs.
          $interpolate`img-src 'self' blob: ${uploading}`,
          $interpolate`connect-src 'self' ${urls.api} ${urls.live} ${uploading}`,
          "base-uri 'none'",
          "form-action 'none'",
          "frame-ancestors 'none'",
          "require-trusted-types-for 'script'",
        ])
        .apply((directives) => directives.join("; ")),
      override: true,
    },
    contentTypeOptions: { override: true },
    frameOptions: { frameOption: "DENY", override: true },
    referrerPolicy: { referrerPolicy: "no-referrer", override: true },
    strictTransportSecurity: { accessControlMaxAgeSec: 63_072_000, includeSubdomains: true, override: true },
  },
  customHeadersConfig: {
    items: [
      { header: "cross-origin-opener-policy", value: "same-origin", override: true },
      { header: "permissions-policy", value: "camera=(), microphone=(), geolocation=()", override: true },
    ],
  },
});

/** AWS's managed policy "CachingOptimized", which follows each file's cache-control. */
const CACHING_OPTIMIZED = "658327ea-f89d-4fab-a63d-7e88639e58f6";

const distribution = new aws.cloudfront.Distribution("PageSite", {
  comment: "Sluice's page",
  enabled: true,
  httpVersion: "http2and3",
  defaultRootObject: "index.html",
  origins: [
    {
      originId: "page",
      domainName: bucket.nodes.bucket.bucketRegionalDomainName,
      originAccessControlId: access.id,
    },
  ],
  defaultCacheBehavior: {
    targetOriginId: "page",
    viewerProtocolPolicy: "redirect-to-https",
    allowedMethods: ["GET", "HEAD"],
    cachedMethods: ["GET", "HEAD"],
    compress: true,
    cachePolicyId: CACHING_OPTIMIZED,
    responseHeadersPolicyId: headers.id,
  },
  restrictions: { geoRestriction: { restrictionType: "none" } },
  viewerCertificate: { cloudfrontDefaultCertificate: true },
});

// Locally, `sluice start` uploads the files itself, so that a changed page needs no new graph.
if (appStage.stage !== "local") {
  const { key, ...served } = CONFIG;
  const content = $jsonStringify(urls);
  const uploaded = [
    new aws.s3.BucketObjectv2("PageConfig", { bucket: bucket.name, key, content, ...served }),
  ];
  for (const { key, file, ...served } of publishedFiles($cli.paths.root)) {
    const name = `Page-${key.replace(/[^\w]/g, "-")}`;
    const source = new $util.asset.FileAsset(file);
    uploaded.push(
      new aws.s3.BucketObjectv2(
        name,
        { bucket: bucket.name, key, source, ...served },
        {
          // The entry comes last, after the files it refers to.
          dependsOn: key === ENTRY ? [...uploaded] : [],
          // A tab that was opened before a deployment loads the files of its own build.
          retainOnDelete: isHashed(key),
        },
      ),
    );
  }
}

export const pageUrl = $interpolate`https://${distribution.domainName}`;

export const pageLink = new sst.Linkable("Page", {
  properties: { bucket: bucket.name, domain: distribution.domainName },
});
