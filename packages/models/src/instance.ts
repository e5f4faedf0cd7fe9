/** SageMaker's instance families p and g have GPUs. */
export const hasGpu = (instance: string): boolean => /^ml\.(p[2-9]|g[4-9])/.test(instance);
