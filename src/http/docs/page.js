// Swagger UI, with five things of our own: two languages, a search that finds operations and not only tags, Enter in the
// Authorize dialog, answers in the language of the page, and a token that survives the change of language.
"use strict";

const DOCUMENTS = [
  { name: "Tiếng Việt", url: "/openapi.json?lang=vi", language: "vi" },
  { name: "English", url: "/openapi.json?lang=en", language: "en" },
];

const plain = (text) =>
  String(text || "").normalize("NFD").replace(/[\u0300-\u036f]/g, "").toLowerCase().replace(/đ/g, "d");

const isSearch = (phrase) => typeof phrase === "string" && phrase !== "" && phrase !== "true" && phrase !== "false";

// Every word must occur in the tag, the method, the path, the summary or the operation's id.
const opsFilter = (taggedOps, phrase) => {
  const words = plain(phrase).split(/\s+/).filter(Boolean);
  const fits = (tag, op) => {
    const detail = (name) => op.getIn(["operation", name]);
    const text = plain([tag, op.get("method"), op.get("path"), detail("summary"), detail("operationId")].join(" "));
    return words.every((word) => text.includes(word));
  };
  return taggedOps
    .map((tagged, tag) => tagged.update("operations", (ops) => ops.filter((op) => fits(tag, op))))
    .filter((tagged) => tagged.get("operations").size > 0);
};

// What was found is shown, not folded away.
const OperationTag = (Original, system) => (props) => {
  const isSearching = isSearch(props.layoutSelectors.currentFilter());
  const getConfigs = () => ({ ...props.getConfigs(), ...(isSearching && { docExpansion: "list" }) });
  return system.React.createElement(Original, { ...props, getConfigs });
};

// With the other document Swagger UI forgets who is signed in. It is the same service, so the token stays (in memory only).
const restoreAuthorization = (original) => (payload) => {
  const isForgetting = Object.keys(payload.authorized || {}).length === 0;
  return isForgetting ? { type: "authorization_kept" } : original(payload);
};

const OurPlugin = () => ({
  fn: { opsFilter },
  wrapComponents: { OperationTag },
  statePlugins: { auth: { wrapActions: { restoreAuthorization } } },
});

const language = () => {
  const url = window.ui ? window.ui.specSelectors.url() : "";
  const chosen = DOCUMENTS.find((document) => url.endsWith(document.url));
  return (chosen || DOCUMENTS[0]).language;
};

const requestInterceptor = (request) => {
  if (!request.loadSpec) {
    request.headers = { ...request.headers, "Accept-Language": language() };
  }
  return request;
};

document.addEventListener("keydown", (event) => {
  const dialog = event.key === "Enter" && event.target.matches("input") && event.target.closest(".auth-container");
  const button = dialog && dialog.querySelector("button.authorize");
  if (button) {
    event.preventDefault();
    button.click();
  }
});

window.onload = () => {
  window.ui = SwaggerUIBundle({
    dom_id: "#swagger-ui",
    urls: DOCUMENTS.map(({ name, url }) => ({ name, url })),
    presets: [SwaggerUIBundle.presets.apis, SwaggerUIStandalonePreset],
    plugins: [SwaggerUIBundle.plugins.DownloadUrl, OurPlugin],
    layout: "StandaloneLayout",
    deepLinking: true,
    tryItOutEnabled: true,
    persistAuthorization: false,
    displayRequestDuration: true,
    filter: true,
    docExpansion: "none",
    validatorUrl: null,
    requestInterceptor,
  });
};
