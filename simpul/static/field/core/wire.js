/**
 * Requests of docs/sync-protocol.md section 7, each with a limit of time. No status ever stops a client for good: what cannot be sent now waits.
 */

import { FieldRefused } from "./errors.js";

const LIMIT = 90_000;

/** @typedef {{status: number, body: any, bytes: Uint8Array | null, retry: number}} Answer */

/** Speaks with one server. */
export class Wire {
  /** @param {string} server origin; "" for this one @param {typeof fetch} [ask] */
  constructor(server, ask = (...given) => fetch(...given)) {
    this.base = `${server.replace(/\/+$/, "")}/sync/v1/`;
    this.ask = ask;
    this.token = "";
    /** @type {AbortController | null} */
    this.current = null;
  }

  /** @param {string} path @param {{method?: string, json?: any, bytes?: Uint8Array, type?: string, token?: boolean, raw?: boolean, range?: [number, number], limit?: number}} [how] @returns {Promise<Answer>} */
  async call(path, how = {}) {
    const { method = how.json || how.bytes ? "POST" : "GET", json, bytes, type, token = true, raw, range, limit = LIMIT } = how;
    /** @type {Record<string, string>} */
    const headers = {};
    if (json) headers["Content-Type"] = "application/json";
    if (bytes) headers["Content-Type"] = type ?? "application/octet-stream";
    if (token && this.token) headers.Authorization = `Simpul ${this.token}`;
    if (range) headers.Range = `bytes=${range[0]}-${range[1]}`;
    const control = new AbortController();
    this.current = control;
    const timer = setTimeout(() => control.abort(), limit);
    try {
      const answer = await this.asked(this.base + path, {
        method, headers, body: json ? JSON.stringify(json) : bytes ? bytes.slice().buffer : undefined,
        signal: control.signal, credentials: "omit", cache: "no-store", redirect: "error", referrerPolicy: "no-referrer",
      });
      const content = new Uint8Array(await answer.arrayBuffer());
      return { status: answer.status, body: raw ? null : parsed(content), bytes: raw ? content : null, retry: Number(answer.headers.get("Retry-After")) || 0 };
    } catch (fault) {
      throw new FieldRefused("net.failed", { why: control.signal.aborted ? "slow" : "offline", fault: String(fault) });
    } finally {
      clearTimeout(timer);
    }
  }

  /** @private A machine on the local network may want to be named as such; browsers that do not know the word go without. @param {string} address @param {any} how */
  async asked(address, how) {
    for (const space of isLocal(address) ? ["local", "private"] : []) {
      try {
        return await this.ask(address, { ...how, targetAddressSpace: space });
      } catch (fault) {
        if (!/enum|targetAddressSpace/i.test(String(fault))) throw fault;
      }
    }
    return this.ask(address, how);
  }

  /** Leave the running request. */
  stop() {
    this.current?.abort();
  }
}

/** @param {Uint8Array} content */
function parsed(content) {
  try {
    return JSON.parse(new TextDecoder().decode(content));
  } catch {
    return null;
  }
}

/** True for addresses of a network at hand. @param {string} address */
export function isLocal(address) {
  const host = /^[a-z]+:\/\/(?:\[([0-9a-f:]+)\]|([^/:]+))/i.exec(address)?.slice(1).find(Boolean) ?? "";
  return /^(10\.|192\.168\.|169\.254\.|172\.(1[6-9]|2\d|3[01])\.|fe80:|f[cd][0-9a-f]{2}:)/i.test(host) || /\.(local|lan|home\.arpa)$/i.test(host);
}
