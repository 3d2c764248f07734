import type { TensorInfo } from '@tensorflow/tfjs';
import type { NativeBackend, OpAttribute, TensorId } from './NativeBackend.js';

/** TensorFlow's ops on its own tensors, by number, which TensorFlow.js knows nothing of and nobody else deletes. */
export class Ops {
  constructor(private readonly backend: NativeBackend) {}

  /** The number of a tensor of TensorFlow.js. */
  id(tensor: TensorInfo): TensorId {
    return this.backend.getInputTensorIds([tensor])[0]!;
  }

  /** A float32 number. */
  scalar(value: number): TensorId {
    const { binding } = this.backend;
    return binding.createTensor([], binding.TF_FLOAT, Float32Array.of(value));
  }

  /** An int32 number. */
  integer(value: number): TensorId {
    const { binding } = this.backend;
    return binding.createTensor([], binding.TF_INT32, Int32Array.of(value));
  }

  /** An int32 vector. */
  integers(values: ArrayLike<number>): TensorId {
    const { binding } = this.backend;
    return binding.createTensor([values.length], binding.TF_INT32, Int32Array.from(values));
  }

  /** Runs an op with one output, or none. */
  run(name: string, attributes: OpAttribute[], inputs: TensorId[], outputs = 1): TensorId {
    return this.backend.binding.executeOp(name, attributes, inputs, outputs)[0]?.id ?? -1;
  }

  /** Runs an op with one output, for TensorFlow.js. */
  output(name: string, attributes: OpAttribute[], inputs: TensorId[]): TensorInfo {
    return this.outputs(name, attributes, inputs, 1)[0]!;
  }

  /** Runs an op with several outputs, for TensorFlow.js. */
  outputs(name: string, attributes: OpAttribute[], inputs: TensorId[], count: number): TensorInfo[] {
    const made = this.backend.binding.executeOp(name, attributes, inputs, count);
    return made.map((output) => this.backend.createOutputTensor(output));
  }

  release(...ids: TensorId[]): void {
    for (const id of ids) this.backend.binding.deleteTensor(id);
  }

  type(name: string, value = this.backend.binding.TF_FLOAT): OpAttribute {
    return { name, type: this.backend.binding.TF_ATTR_TYPE, value };
  }

  flag(name: string, value: boolean): OpAttribute {
    return { name, type: this.backend.binding.TF_ATTR_BOOL, value };
  }
}
