// The backbone's fixed weights: oriented Gabor kernels and a lattice of colors.

/** An even and an odd kernel for each orientation; their combined magnitude does not depend on the phase. */
export function gaborKernels(
  size: number,
  orientations: number,
  wavelength: number,
  sigma: number,
): Float32Array {
  const half = (size - 1) / 2;
  const kernels = new Float32Array(orientations * 2 * size * size);
  for (let orientation = 0; orientation < orientations; orientation++) {
    const angle = (Math.PI * orientation) / orientations;
    for (const [phase, wave] of [Math.cos, Math.sin].entries()) {
      const kernel = kernels.subarray(
        (orientation * 2 + phase) * size * size,
        (orientation * 2 + phase + 1) * size * size,
      );
      for (let y = 0; y < size; y++)
        for (let x = 0; x < size; x++) {
          const along = (x - half) * Math.cos(angle) + (y - half) * Math.sin(angle);
          const envelope = Math.exp(-((x - half) ** 2 + (y - half) ** 2) / (2 * sigma * sigma));
          kernel[y * size + x] = envelope * wave((2 * Math.PI * along) / wavelength);
        }
      normalise(kernel);
    }
  }
  return kernels;
}

/** With mean 0 a kernel ignores brightness; with length 1 all kernels have equal weight. */
function normalise(kernel: Float32Array) {
  const mean = kernel.reduce((sum, value) => sum + value, 0) / kernel.length;
  let squares = 0;
  for (let at = 0; at < kernel.length; at++) squares += (kernel[at]! -= mean) ** 2;
  const length = Math.sqrt(squares) || 1;
  for (let at = 0; at < kernel.length; at++) kernel[at]! /= length;
}

/** Colors on a regular grid, `steps` along each edge of the cube. */
export function colourLattice(steps: number): [number, number, number][] {
  const value = (step: number) => step / (steps - 1);
  const all: [number, number, number][] = [];
  for (let red = 0; red < steps; red++)
    for (let green = 0; green < steps; green++)
      for (let blue = 0; blue < steps; blue++) all.push([value(red), value(green), value(blue)]);
  return all;
}
