// @ts-check
/** The documentation of the API, from the document that the service makes of itself. */

const place = /** @type {HTMLElement} */ (document.getElementById("swagger-ui"));
// @ts-expect-error -- the bundle defines it
SwaggerUIBundle({ url: place.dataset.openapi, domNode: place, validatorUrl: null, deepLinking: true });
