/** One loader per set of arguments, for as long as the request lasts. */
export function memoize<Argument, Result>(make: (argument: Argument) => Result) {
  const made = new Map<string, Result>();
  return (argument: Argument): Result => {
    const key = JSON.stringify(argument);
    const known = made.get(key);
    if (known !== undefined) return known;
    const result = make(argument);
    made.set(key, result);
    return result;
  };
}
