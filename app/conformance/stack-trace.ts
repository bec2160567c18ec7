/** A source file and a line of it, as stack traces of Node.js, Python, the JVM, .NET, Go, Ruby, PHP and Rust name them. */
const placeInCode = /\.(?:[cm]?[jt]sx?|py|java|kt|scala|cs|go|rb|php|rs)\b[\\"')]*(?:, line |:line |[:(])\d+/;
/** How Python and Node.js begin, should they leave the places out. */
const beginnings = /Traceback \(most recent call last\)|(?:\n|\\n) +at \S+ \(/;

/** Whether a text shows what the code looks like inside. */
export function holdsStackTrace(text: string): boolean {
  return placeInCode.test(text) || beginnings.test(text);
}
