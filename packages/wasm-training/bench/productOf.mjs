const convolutions = {
  Conv2D: ({ filter }, _, output) => [output, filter.shape],
  FusedConv2D: ({ filter }, _, output) => [output, filter.shape],
  Conv2DBackpropInput: ({ dy, filter }) => [dy, filter.shape],
  Conv2DBackpropFilter: ({ dy }, { filterShape }) => [dy, filterShape],
};

/**
 * Sizes of a product or a convolution, and its number of floating-point operations: two for each product of two numbers.
 *
 * @param {string} name of the kernel
 * @param {{ inputs: object, attrs: object }} call what the kernel is given
 * @param output what it returns
 * @returns {{ sizes: string, operations: number } | undefined} undefined for other kernels
 */
export function productOf(name, { inputs, attrs }, output) {
  if (name === 'BatchMatMul' || name === '_FusedMatMul') {
    const side = ({ shape }, isTransposed) => `${withoutOnes(shape).join('×')}${isTransposed ? 'ᵀ' : ''}`;
    const { transposeA, transposeB } = attrs;
    const common = inputs.a.shape.at(transposeA ? -2 : -1);
    const sizes = `${side(inputs.a, transposeA)} · ${side(inputs.b, transposeB)}`;
    return { sizes, operations: 2 * sizeOf(output.shape) * common };
  }
  const convolution = convolutions[name];
  if (!convolution) return undefined;
  const [{ shape }, filter] = convolution(inputs, attrs, output);
  const [height, width, channels] = filter;
  return {
    sizes: `${filter.join('×')} → ${shape.join('×')}`,
    operations: 2 * sizeOf(shape) * height * width * channels,
  };
}

function sizeOf(shape) {
  return shape.reduce((product, side) => product * side, 1);
}

/** The shape of a stack of one matrix without that one. */
function withoutOnes(shape) {
  return shape.length === 3 && shape[0] === 1 ? shape.slice(1) : shape;
}
