// Runs at CloudFront for every request of the site (cloudfront-js-2.0): a path of the console itself, which has no extension, is answered
// with the page that draws it. The API has a behaviour of its own, so that its 404s stay what they are.
// eslint-disable-next-line @typescript-eslint/no-unused-vars -- CloudFront calls it.
function handler(event) {
  const request = event.request;
  const lastSegment = request.uri.slice(request.uri.lastIndexOf('/') + 1);
  if (!lastSegment.includes('.')) request.uri = '/index.html';
  return request;
}
