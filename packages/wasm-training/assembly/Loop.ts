/**
 * One of nested loops over the elements of tensors: how often it runs, and how many bytes two addresses move each time. The loops
 * of a nest lie behind each other, the outermost first; `putLoops` writes them.
 */
@unmanaged
export class Loop {
  count: i32;
  first: i32;
  second: i32;

  @inline get inner(): Loop { return changetype<Loop>(changetype<usize>(this) + LOOP_BYTES); }
}

const LOOP_BYTES: usize = 12;
