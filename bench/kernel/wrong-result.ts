/** A contender computes something else than the float64 reference; the message is one line. */
export class WrongResult extends Error {
  override readonly name = 'WrongResult';
}
