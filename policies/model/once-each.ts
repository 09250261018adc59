/** A pure function of one object that answers the same object again without computing. */
export function onceEach<From extends object, To>(compute: (of: From) => To): (of: From) => To {
  const known = new WeakMap<From, { readonly answer: To }>();
  return (of) => {
    const before = known.get(of);
    if (before !== undefined) return before.answer;
    const answer = compute(of);
    known.set(of, { answer });
    return answer;
  };
}
