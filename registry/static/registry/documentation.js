"use strict";
{
  const place = document.getElementById("documentation");
  const dark = window.matchMedia("(prefers-color-scheme: dark)");
  const follow = () => document.documentElement.classList.toggle("dark-mode", dark.matches);
  dark.addEventListener("change", follow);
  follow();

  // Swagger UI fills every field with its example; an optional one belongs into its description instead. The session
  // is the browser's own: there is nothing to type in for it.
  const forThePage = (schema) => {
    delete schema.security;
    delete schema.components.securitySchemes;
    const operations = Object.values(schema.paths).flatMap((methods) => Object.values(methods));
    const parameters = operations.flatMap((operation) => operation.parameters);
    for (const parameter of [...parameters, ...Object.values(schema.components.parameters)]) {
      if (parameter.required || parameter.$ref || parameter.example === undefined) continue;
      parameter.description += ` \`${[parameter.example].flat().join(",")}\``;
      delete parameter.example;
      delete parameter.schema.default;
    }
    return schema;
  };

  fetch(place.dataset.document)
    .then((answer) => answer.json())
    .then((schema) => window.SwaggerUIBundle({
      spec: forThePage(schema),
      domNode: place,
      deepLinking: true,
      docExpansion: "list",
      filter: true,
      defaultModelsExpandDepth: 0,
      displayRequestDuration: true,
      supportedSubmitMethods: ["get"],
      validatorUrl: null,
      requestInterceptor: (request) => {
        // The language of the page, not the browser's; `lang` goes over it.
        request.headers["Accept-Language"] = document.documentElement.lang;
        return request;
      },
      layout: "BaseLayout",
    }));
}
