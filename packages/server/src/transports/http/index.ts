export type { HttpConfig } from "./http.config.ts";
export type { HttpContext, HttpFace, PageContext } from "./http.face.ts";
export { createHttp, type Http, type HttpDeps } from "./http.ts";
export { createNodeServer, type NodeServer } from "./node.server.ts";
export { problemResponse, toProblem } from "./pipeline/problem.ts";
export { readBearer } from "./pipeline/session.cookie.ts";
