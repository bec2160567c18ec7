import { describe, expect, test } from 'vitest';
import { holdsStackTrace } from '../../conformance/stack-trace.ts';

describe('a stack trace', () => {
  test.each([
    ['Node.js', 'Error: x\n    at answer (file:///app/server.js:12:34)'],
    ['Node.js, without places', 'Error: x\n    at answer (<anonymous>)'],
    ['Python', 'Traceback (most recent call last):\n  File "/app/main.py", line 3, in <module>'],
    ['Python, the end of one', 'File "/app/main.py", line 3'],
    ['Java', 'java.lang.IllegalStateException\n\tat com.example.Api.pay(Api.java:42)'],
    ['.NET', '   at Payments.Api.Pay() in /src/Api.cs:line 42'],
    ['Go', 'goroutine 1 [running]:\nmain.main()\n\t/app/main.go:12 +0x1d'],
    ['Ruby', "/app/api.rb:12:in `pay'"],
    ['PHP', '#0 /app/index.php(12): pay()'],
    ['Rust', 'at ./src/main.rs:12'],
  ])('of %s is detected, in text and in JSON', (_language, trace) => {
    expect(holdsStackTrace(trace)).toBe(true);
    expect(holdsStackTrace(JSON.stringify({ detail: trace }))).toBe(true);
  });
});

describe('no stack trace', () => {
  test.each([
    '{"title":"Not found","status":404,"detail":"No resource exists at this path."}',
    '{"type":"https://example.com:8443/problems/not-found","status":404}',
    '{"detail":"Look at https://docs.example.com:443/api.json (version 2)"}',
    '{"detail":"Amounts are integers; expected 1 at line 3, column 5"}',
  ])('%s', (body) => {
    expect(holdsStackTrace(body)).toBe(false);
  });
});
