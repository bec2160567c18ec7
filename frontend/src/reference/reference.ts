import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import 'swagger-ui-dist/swagger-ui.css';
import './reference.css';

/*
 * The reference of the API, rendered from its OpenAPI document. Swagger UI sanitizes what it renders as HTML. Its content security policy
 * requires a policy for that; scripts from strings stay refused.
 */
window.trustedTypes?.createPolicy('default', { createHTML: (html) => html });

SwaggerUI({
  url: '/api/v1/openapi.json',
  dom_id: '#reference',
  // Links within buttons, as deep links are, cannot be reached with every screen reader.
  deepLinking: false,
  // The colours of numbers lack contrast.
  syntaxHighlight: false,
  displayOperationId: true,
  defaultModelsExpandDepth: 0,
  docExpansion: 'list',
  // A reference: a signed-in merchant must not move money from here by mistake.
  supportedSubmitMethods: [],
  validatorUrl: null,
});
