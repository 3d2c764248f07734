import type { TensorInfo } from '@tensorflow/tfjs';
import type { NativeBackend, OpAttribute, TensorId } from './NativeBackend.js';
import { Ops } from './Ops.js';

/** Most tensors that a training op updates: value, first and second moment. */
const MOST = 3;

/** The variables of TensorFlow that updates work on, by backend: the same for every tensor. */
const variables = new WeakMap<NativeBackend, TensorId[]>();

/**
 * Runs one of TensorFlow's training ops, which change variables in place, on tensors of TensorFlow.js.
 *
 * A tensor that nothing else shares hands its memory over, so that nothing is copied. It must not be read again.
 *
 * @param name such as `ResourceApplyAdam`
 * @param tensors what is updated, float32
 * @param inputs the op's inputs after its variables
 * @returns the updated tensors
 */
export function updateInPlace(
  backend: NativeBackend,
  name: string,
  attributes: OpAttribute[],
  tensors: readonly TensorInfo[],
  inputs: TensorId[],
): TensorInfo[] {
  const ops = new Ops(backend);
  const dtype = [ops.type('dtype')];
  const handles = variablesOf(backend).slice(0, tensors.length);
  tensors.forEach((tensor, i) => {
    ops.run('AssignVariableOp', dtype, [handles[i]!, ops.id(tensor)], 0);
    handOver(backend, tensor);
  });
  ops.run(name, attributes, [...handles, ...inputs], 0);
  return handles.map((handle) => ops.output('ReadVariableOp', dtype, [handle]));
}

function variablesOf(backend: NativeBackend): TensorId[] {
  let handles = variables.get(backend);
  if (!handles) {
    const ops = new Ops(backend);
    const { TF_ATTR_SHAPE, TF_ATTR_STRING } = backend.binding;
    // The shape is a hint that eager ops do not look at: a variable takes any.
    const attributes = (i: number) => [
      ops.type('dtype'),
      { name: 'shape', type: TF_ATTR_SHAPE, value: [] },
      { name: 'shared_name', type: TF_ATTR_STRING, value: `gradis/update/${i}` },
    ];
    handles = Array.from({ length: MOST }, (_, i) => ops.run('VarHandleOp', attributes(i), []));
    variables.set(backend, handles);
  }
  return handles;
}

/** Leaves the data of a tensor to whoever else refers to them, if nothing in TensorFlow.js shares the tensor. */
function handOver({ binding, tensorMap }: NativeBackend, { dataId }: TensorInfo): void {
  const data = tensorMap.get(dataId);
  if (data.refCount > 1) return;
  binding.deleteTensor(data.id);
  data.id = -1;
}
