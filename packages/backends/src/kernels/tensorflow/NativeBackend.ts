import type { DataId, DataType, KernelBackend, TensorInfo } from '@tensorflow/tfjs';

/** Number of a tensor that TensorFlow holds. */
export type TensorId = number;

/** An attribute of a TensorFlow op. */
export interface OpAttribute {
  name: string;
  type: number;
  value: unknown;
}

/** A tensor that an op has made. */
export interface NativeOutput {
  id: TensorId;
  shape: number[];
  dtype: number;
}

/** The parts of tfjs-node's addon that are used here. */
export interface NativeBinding {
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_SHAPE: number;
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_TYPE: number;
  createTensor(shape: number[], dtype: number, values: Float32Array | Int32Array): TensorId;
  deleteTensor(id: TensorId): void;
  executeOp(name: string, attributes: OpAttribute[], inputs: TensorId[], outputs: number): NativeOutput[];
}

/** The parts of tfjs-node's backend that are used here. */
export interface NativeBackend extends KernelBackend {
  readonly binding: NativeBinding;
  readonly tensorMap: { get(dataId: DataId): { id: TensorId; refCount: number } };
  getDTypeInteger(dtype: DataType): number;
  /** Numbers of tensors; those not yet with TensorFlow go there now. */
  getInputTensorIds(tensors: readonly TensorInfo[]): TensorId[];
  createOutputTensor(output: NativeOutput): TensorInfo;
}
