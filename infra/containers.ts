// The containers that SageMaker runs, and their repositories.
import { models } from "@sluice/models/index.ts";
import { needsCuda } from "@sluice/models/torch-image.ts";
import { ownName } from "./stage.ts";

const CONTAINERS = {
  // Runs every endpoint and evaluation, for all three tasks.
  serve: "Serve",
  // Trains heads on a fixed backbone, for images and texts.
  probe: "Probe",
  // Trains networks with PyTorch, for all three tasks.
  torch: "Torch",
} as const;

interface Build {
  dockerfile?: string;
  buildArgs?: Record<string, string>;
}

function container(folder: keyof typeof CONTAINERS, { dockerfile = "Dockerfile", buildArgs }: Build = {}) {
  const name = CONTAINERS[folder];
  const repository = new aws.ecr.Repository(`${name}Repository`, {
    name: ownName(folder).toLowerCase(),
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "AES256" }],
    forceDelete: true,
  });

  new aws.ecr.LifecyclePolicy(`${name}RepositoryLifecycle`, {
    repository: repository.name,
    policy: JSON.stringify({
      rules: [
        {
          rulePriority: 1,
          // The tag moves; an endpoint refers to its image by digest and pulls it whenever it scales.
          description: "Keep images that endpoints and rollbacks may need",
          selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 200 },
          action: { type: "expire" },
        },
      ],
    }),
  });

  const login = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId });

  const image = new dockerbuild.Image(`${name}Image`, {
    // Absolute paths: the provider works in a folder of SST.
    context: { location: $cli.paths.root },
    dockerfile: { location: `${$cli.paths.root}/containers/${folder}/${dockerfile}` },
    ...(buildArgs && { buildArgs }),
    // SageMaker's serverless endpoints run on x86 only.
    platforms: ["linux/amd64"],
    tags: [$interpolate`${repository.repositoryUrl}:${folder}`],
    // Pushed by the export below.
    push: false,
    // SageMaker's endpoints require Docker's manifest media types, not OCI's.
    exports: [{ registry: { ociMediaTypes: false } }],
    registries: [
      { address: login.proxyEndpoint, username: login.userName, password: $util.secret(login.password) },
    ],
  });
  // SageMaker accepts an image by tag or by digest, not by both.
  return { repository, image: image.ref.apply((ref) => ref?.replace(/:[^:@/]+@/, "@")) };
}

export const serve = container("serve");
export const probe = container("probe");

/** Where pip finds another build of PyTorch: for CPUs, pip's default is ten times as large. */
const torchIndex = process.env["SLUICE_TORCH_INDEX_URL"];
export const torch = container("torch", {
  dockerfile: needsCuda(models) ? "Dockerfile.cuda" : "Dockerfile",
  ...(torchIndex && { buildArgs: { TORCH_INDEX: torchIndex } }),
});
