import { type TensorInfo, util } from '@tensorflow/tfjs';
import type { NativeBackend, OpAttribute, TensorId } from './NativeBackend.js';
import { Ops } from './Ops.js';

/** Most tensors that a training op updates: value, first and second moment. */
const MOST = 3;

/** Numbers in a tensor from which on the memory that a variable keeps weighs more than the call that frees it. */
const LARGE = 2 ** 20;

/** What updates work with. */
interface Workplace {
  /** Variables of TensorFlow, the same for every tensor. */
  variables: TensorId[];
  /** A tensor without numbers. */
  nothing: TensorId;
}

const workplaces = new WeakMap<NativeBackend, Workplace>();

/**
 * Runs one of TensorFlow's training ops, which change variables in place, on tensors of TensorFlow.js.
 *
 * A tensor that nothing else shares hands its memory over, so that nothing is copied. It must not be read again. If the
 * op fails, it gets its memory back.
 *
 * @param name such as `ResourceApplyAdam`
 * @param tensors what is updated, float32, of one shape
 * @param inputs the op's inputs after its variables
 * @returns the updated tensors
 * @throws Error if the op does, with all tensors as they were
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
  const { variables, nothing } = workplaceOf(backend);
  const own = variables.slice(0, tensors.length);
  const assign = (variable: TensorId, tensor: TensorId) => ops.run('AssignVariableOp', dtype, [variable, tensor], 0);
  let handedOver: (TensorMemory | undefined)[] = [];
  try {
    tensors.forEach((tensor, i) => {
      assign(own[i]!, ops.id(tensor));
    });
    handedOver = tensors.map((tensor) => handOver(backend, tensor, inputs));
    ops.run(name, attributes, [...own, ...inputs], 0);
    return own.map((variable) => ops.output('ReadVariableOp', dtype, [variable]));
  } catch (error) {
    handedOver.forEach((memory, i) => {
      if (memory) memory.id = ops.run('ReadVariableOp', dtype, [own[i]!]);
    });
    throw error;
  } finally {
    // A variable keeps what it holds until the next update, which may never come.
    if (util.sizeFromShape(tensors[0]!.shape) >= LARGE) for (const variable of own) assign(variable, nothing);
  }
}

function workplaceOf(backend: NativeBackend): Workplace {
  let workplace = workplaces.get(backend);
  if (!workplace) {
    const ops = new Ops(backend);
    const { TF_ATTR_SHAPE, TF_ATTR_STRING, TF_FLOAT } = backend.binding;
    // The shape is a hint that eager ops do not look at: a variable takes any.
    const attributes = (i: number) => [
      ops.type('dtype'),
      { name: 'shape', type: TF_ATTR_SHAPE, value: [] },
      { name: 'shared_name', type: TF_ATTR_STRING, value: `gradis/update/${i}` },
    ];
    workplace = {
      variables: Array.from({ length: MOST }, (_, i) => ops.run('VarHandleOp', attributes(i), [])),
      nothing: backend.binding.createTensor([0], TF_FLOAT, new Float32Array(0)),
    };
    workplaces.set(backend, workplace);
  }
  return workplace;
}

/** Where tfjs-node keeps the number of a tensor. */
interface TensorMemory {
  id: TensorId;
}

/** Leaves the data of a tensor to whoever else refers to them, if nothing in TensorFlow.js shares the tensor. */
function handOver(
  { binding, tensorMap }: NativeBackend,
  { dataId }: TensorInfo,
  inputs: readonly TensorId[],
): TensorMemory | undefined {
  const data = tensorMap.get(dataId);
  if (data.refCount > 1 || inputs.includes(data.id)) return undefined;
  binding.deleteTensor(data.id);
  data.id = -1;
  return data;
}
