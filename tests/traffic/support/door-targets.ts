/** Request lines and paths by which somebody with a key may ask for more than the gateway serves. */

const chat = "/v1/chat/completions";

/** What comes back, by request line. */
export const foreignTargets: Readonly<Record<string, number>> = {
  "CONNECT api.openai.com:443 HTTP/1.1": 400,
  "CONNECT 127.0.0.1:22 HTTP/1.1": 400,
  [`POST http://api.openai.com${chat} HTTP/1.1`]: 404,
  [`POST https://gateway.test${chat} HTTP/1.1`]: 404,
  "GET http://169.254.169.254/latest/meta-data/ HTTP/1.1": 404,
  [`POST @api.openai.com${chat} HTTP/1.1`]: 400,
  [`POST //api.openai.com${chat} HTTP/1.1`]: 404,
  "POST * HTTP/1.1": 404,
  "OPTIONS * HTTP/1.1": 404,
  [`OPTIONS ${chat} HTTP/1.1`]: 404,
  [`TRACE ${chat} HTTP/1.1`]: 404,
  [`GET ${chat} HTTP/1.1`]: 404,
  [`HEAD ${chat} HTTP/1.1`]: 404,
  [`DELETE ${chat} HTTP/1.1`]: 404,
  "POST /v1/models HTTP/1.1": 404,
  [`BREW ${chat} HTTP/1.1`]: 400,
  [`POST ${chat} HTTP/1.0`]: 426,
  [`POST ${chat} HTTP/0.9`]: 426,
  [`POST ${chat}`]: 426,
};

/** What comes back, by path. */
export const pathTricks: Readonly<Record<string, number>> = {
  "/v1/../tokenize": 404,
  "/v1/%2e%2e/tokenize": 404,
  "/v1/%2E./tokenize": 404,
  "/v1/chat/../responses": 404,
  [`${chat}/../../../metrics`]: 404,
  [`${chat}/..%2f..%2f..%2fmetrics`]: 400,
  [`${chat}/..%5c..%5c..%5cmetrics`]: 400,
  [`${chat}/..%252f..%252f..%252fmetrics`]: 404,
  [`${chat}/..;/..;/metrics`]: 404,
  [String.raw`/v1\..\metrics`]: 404,
  "/v1%2fchat%2fcompletions": 400,
  "/v1/chat%2Fcompletions": 400,
  [`${chat}/`]: 404,
  [`${chat}/x`]: 404,
  [`${chat};x`]: 404,
  [`${chat};x=/../../metrics`]: 404,
  [`${chat}%00`]: 400,
  [`${chat}%20`]: 404,
  [`${chat}%0d%0ax-y:%20z`]: 404,
  [`${chat}%3fx`]: 404,
  [`${chat}#x`]: 400,
  [`${chat}%23`]: 404,
  "/V1/chat/completions": 404,
  "/v1/chat/Completions": 404,
  "/v2/chat/completions": 404,
};

/** Other spellings of a path that is served; the engine gets the plain one. */
export const otherSpellings: readonly string[] = [
  "//v1/chat/completions",
  "/v1//chat///completions",
  "/v1/./chat/completions",
  "/x/../v1/chat/completions",
  "/v1/chat/%2e/completions",
  "/%76%31/chat/completions",
  `${chat}?`,
  `${chat}?x=/../../metrics`,
];

/** What an engine serves beside the few paths of the gateway, and what a proxy's own interface does. */
export const otherEndpoints: readonly string[] = [
  ..."/invocations /tokenize /detokenize /metrics /health /ping /version /load /server_info".split(
    " ",
  ),
  ..."/score /rerank /pooling /classify /generate /docs /openapi.json /redoc /sleep /wake_up".split(
    " ",
  ),
  ..."/is_sleeping /reset_prefix_cache /reset_mm_cache /start_profile /stop_profile".split(" "),
  ..."/collective_rpc /abort_requests /pause /resume /scale_elastic_ep /inference/v1/generate".split(
    " ",
  ),
  ..."/v1 /v1/ /v1/responses /v1/responses/1/cancel /v1/messages /v1/models/house-model".split(" "),
  ..."/v1/score /v1/rerank /v2/rerank /v1/audio/transcriptions /v1/audio/translations".split(" "),
  ..."/v1/load_lora_adapter /v1/unload_lora_adapter /v1/completions/render /v1/files".split(" "),
  ..."/v1/fine_tuning/jobs /v1/batches /v1/realtime /v1/images/generations /v1/moderations".split(
    " ",
  ),
  ..."/ /ready /stats /stats/prometheus /config_dump /clusters /certs /quitquitquit".split(" "),
  ..."/runtime_modify?x=1 /logging?level=trace /drain_listeners /openai/deployments/gpt-5".split(
    " ",
  ),
];
