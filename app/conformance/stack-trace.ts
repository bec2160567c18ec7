/** A source file with a line number, as in stack traces of Node.js, Python, the JVM, .NET, Go, Ruby, PHP and Rust. */
const placeInCode = /\.(?:[cm]?[jt]sx?|py|java|kt|scala|cs|go|rb|php|rs)\b[\\"')]*(?:, line |:line |[:(])\d+/;
/** The first line of Python and Node.js traces without locations. */
const beginnings = /Traceback \(most recent call last\)|(?:\n|\\n) +at \S+ \(/;

/** Whether a text contains a stack trace. */
export function holdsStackTrace(text: string): boolean {
  return placeInCode.test(text) || beginnings.test(text);
}
