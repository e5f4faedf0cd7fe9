// The registry of SageMaker's built-in image classification: an AWS account per region. Copied from the image URIs of
// the SageMaker Python SDK on 2026-11-21.
import { SluiceError } from "../../error/error.ts";

const repository = "image-classification";
/** AWS's stable tag, for training and hosting. */
const tag = "1";

const accounts: Readonly<Record<string, string>> = {
  "af-south-1": "455444449433",
  "ap-east-1": "286214385809",
  "ap-northeast-1": "501404015308",
  "ap-northeast-2": "306986355934",
  "ap-northeast-3": "867004704886",
  "ap-south-1": "991648021394",
  "ap-south-2": "628508329040",
  "ap-southeast-1": "475088953585",
  "ap-southeast-2": "544295431143",
  "ap-southeast-3": "951798379941",
  "ap-southeast-4": "106583098589",
  "ca-central-1": "469771592824",
  "ca-west-1": "190319476487",
  "eu-central-1": "813361260812",
  "eu-central-2": "680994064768",
  "eu-north-1": "669576153137",
  "eu-south-1": "257386234256",
  "eu-south-2": "104374241257",
  "eu-west-1": "685385470294",
  "eu-west-2": "644912444149",
  "eu-west-3": "749696950732",
  "il-central-1": "898809789911",
  "me-central-1": "272398656194",
  "me-south-1": "249704162688",
  "sa-east-1": "855470959533",
  "us-east-1": "811284229777",
  "us-east-2": "825641698319",
  "us-west-1": "632365934929",
  "us-west-2": "433757028032",
};

export function builtInImage(region: string): string {
  const account = accounts[region];
  if (account) return `${account}.dkr.ecr.${region}.amazonaws.com/${repository}:${tag}`;
  throw new SluiceError(
    "TRAINER_UNAVAILABLE",
    `container: the registry of SageMaker's built-in image classification in ${region} is not known.`,
    { hint: "Name its full URI with --platform, or use --container probe." },
  );
}

/** Checks the account too: anyone may use the same repository name. */
export function isBuiltInImage(image: string | undefined): boolean {
  const [, account, region, name] =
    /^(\d{12})\.dkr\.ecr\.([a-z0-9-]+)\.amazonaws\.com\/([a-z-]+)[:@]/.exec(image ?? "") ?? [];
  return name === repository && region !== undefined && accounts[region] === account;
}
