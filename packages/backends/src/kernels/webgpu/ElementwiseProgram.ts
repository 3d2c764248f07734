import type { WebGPUProgram, webgpu_util } from '@tensorflow/tfjs-backend-webgpu';

/** What tells one elementwise program from another. */
export interface Elementwise {
  /** Name of the program, under which its compiled form is kept. */
  key: string;
  /** Names of the input vectors, all of one length. */
  inputs: string[];
  /** Names of the numbers that are the same for all elements. */
  numbers: string[];
  /** WGSL of an element of the output, from inputs and numbers by their names. */
  value: string;
}

/** A program that computes each element of a vector from those of its inputs. */
export class ElementwiseProgram implements WebGPUProgram {
  readonly variableNames: string[];
  readonly uniforms: string;
  readonly workgroupSize: [number, number, number] = [64, 1, 1];
  readonly size = true;
  readonly outputShape: number[];
  readonly dispatchLayout: { x: number[] };
  readonly dispatch: [number, number, number];
  readonly shaderKey: string;

  constructor(
    { flatDispatchLayout, computeDispatch }: typeof webgpu_util,
    private readonly elementwise: Elementwise,
    length: number,
  ) {
    this.variableNames = elementwise.inputs;
    this.uniforms = elementwise.numbers.map((name) => `${name} : f32,`).join(' ');
    this.outputShape = [length];
    this.dispatchLayout = flatDispatchLayout(this.outputShape);
    this.dispatch = computeDispatch(this.dispatchLayout, this.outputShape, this.workgroupSize);
    this.shaderKey = `gradis_${elementwise.key}`;
  }

  getUserCode(): string {
    const { inputs, numbers, value } = this.elementwise;
    const getter = (name: string) => `get${name[0]!.toUpperCase()}${name.slice(1)}`;
    return `
      fn main(index : i32) {
        if (index < uniforms.size) {
          ${inputs.map((name) => `let ${name} = ${getter(name)}(index);`).join('\n')}
          ${numbers.map((name) => `let ${name} = uniforms.${name};`).join('\n')}
          setOutputAtIndex(index, ${value});
        }
      }
    `;
  }
}
