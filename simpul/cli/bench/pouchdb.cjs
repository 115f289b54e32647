// PouchDB to express-pouchdb on the loopback: node pouchdb.cjs NODE_MODULES FOLDER, with FOLDER/records.json. Prints one JSON line.
"use strict";
const fs = require("fs");
const path = require("path");
const [modules, folder] = process.argv.slice(2);
const need = (name) => require(path.join(modules, name));
const PouchDB = need("pouchdb");
const express = need("express");
const records = JSON.parse(fs.readFileSync(path.join(folder, "records.json"), "utf8"));
fs.mkdirSync(path.join(folder, "server"));
const Served = PouchDB.defaults({ prefix: path.join(folder, "server") + path.sep });
const app = express();
let requests = 0;
app.use((_request, _answer, next) => { requests += 1; next(); });
app.use("/db", need("express-pouchdb")(Served, { inMemoryConfig: true, logPath: path.join(folder, "log.txt") }));
const listening = app.listen(0, "127.0.0.1");
let read = 0;
let written = 0;
listening.on("connection", (socket) => socket.on("close", () => { read += socket.bytesRead; written += socket.bytesWritten; }));
const settle = () => new Promise((done) => setTimeout(done, 300));
async function main() {
  const url = `http://127.0.0.1:${listening.address().port}/db/records`;
  const near = new PouchDB(path.join(folder, "near"));
  for (let start = 0; start < records.length; start += 1000) {
    await near.bulkDocs(records.slice(start, start + 1000).map((one, place) => ({ _id: `r${String(start + place).padStart(7, "0")}`, ...one })));
  }
  let began = process.hrtime.bigint();
  await near.replicate.to(url);
  const up = Number(process.hrtime.bigint() - began) / 1e9;
  listening.closeIdleConnections(); await settle();
  const upBytes = read; const upRequests = requests;
  read = written = requests = 0;
  const other = new PouchDB(path.join(folder, "other"));
  began = process.hrtime.bigint();
  await other.replicate.from(url);
  const down = Number(process.hrtime.bigint() - began) / 1e9;
  listening.closeIdleConnections(); await settle();
  console.log(JSON.stringify({ up_s: up, up_bytes: upBytes, up_requests: upRequests, down_s: down, down_bytes: written, down_requests: requests }));
  process.exit(0);
}
listening.on("listening", () => main().catch((fault) => { console.error(fault); process.exit(1); }));
