// The image every endpoint serves with: one program for all three tasks.
const repository = new aws.ecr.Repository("ServeRepository", {
  imageScanningConfiguration: { scanOnPush: true },
  encryptionConfigurations: [{ encryptionType: "AES256" }],
  forceDelete: true,
});

new aws.ecr.LifecyclePolicy("ServeRepositoryLifecycle", {
  repository: repository.name,
  policy: JSON.stringify({
    rules: [
      {
        rulePriority: 1,
        description: "Keep what a rollback may need",
        selection: { tagStatus: "untagged", countType: "imageCountMoreThan", countNumber: 20 },
        action: { type: "expire" },
      },
    ],
  }),
});

const login = aws.ecr.getAuthorizationTokenOutput({ registryId: repository.registryId });

const image = new dockerbuild.Image("ServeImage", {
  context: { location: "." },
  dockerfile: { location: "containers/serve/Dockerfile" },
  // SageMaker's serverless endpoints run on x86 only.
  platforms: ["linux/amd64"],
  tags: [$interpolate`${repository.repositoryUrl}:serve`],
  push: true,
  registries: [
    { address: login.proxyEndpoint, username: login.userName, password: $util.secret(login.password) },
  ],
});

export const serve = { repository, image: image.ref };
