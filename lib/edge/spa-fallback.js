// Runs at CloudFront for every request of the site (cloudfront-js-2.0): the reference of the API and the pages of its problems are files, and
// any other path without an extension is the console's, whose page draws it. The API has a behaviour of its own, so that its 404s stay what
// they are.
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- CloudFront calls it.
function handler(event) {
  const request = event.request;
  if (request.uri === '/api/docs') request.uri = '/reference.html';
  if (/^\/problems\/[a-z-]+$/.test(request.uri)) request.uri += '.html';
  const lastSegment = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (!lastSegment.includes('.')) request.uri = '/index.html';
  return request;
}
