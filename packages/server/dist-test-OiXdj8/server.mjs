// packages/server/src/workers/testing/script-pool.ts
import { createHash, randomUUID } from "node:crypto";
import { buildSync } from "esbuild";
import { providerSchema } from "@tenon/runtime/provider";

// packages/server/src/workers/deferred.ts
function createDeferred() {
  let resolve = () => void 0;
  let reject = () => void 0;
  const promise = new Promise((onResolve, onReject) => {
    resolve = onResolve;
    reject = onReject;
  });
  return { promise, resolve, reject };
}

// packages/server/src/workers/describe-server-error.ts
import { TenonError as TenonError2 } from "@tenon/runtime/errors";
import { toRunError } from "@tenon/runtime/execute";

// packages/server/src/database/translate-database-error.ts
import { TenonError } from "@tenon/runtime/errors";
var unreachable = /* @__PURE__ */ new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ENOENT",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "ETIMEDOUT",
  "EPIPE",
  "08000",
  // connection_exception
  "08003",
  "08006",
  "57P01",
  // admin_shutdown, and pg_terminate_backend
  "57P02",
  // crash_shutdown
  "57P03",
  // cannot_connect_now: starting or stopping
  "53300"
  // too_many_connections
]);
var refused = /* @__PURE__ */ new Set(["28000", "28P01", "3D000"]);
function translateDatabaseError(error) {
  if (error instanceof TenonError || !(error instanceof Error)) return error;
  const { code } = error;
  if (code === "53100" || code === "ENOSPC")
    return new TenonError("database_disk_full", "Postgres cannot write: its disk is full.", {
      hint: "Free some space on the disk that holds the database; what was refused can then be tried again.",
      cause: error
    });
  if (typeof code === "string" && refused.has(code))
    return new TenonError("database_unreachable", `Postgres refused the connection: ${error.message}.`, {
      hint: "Check the user, the password and the database name in DATABASE_URL.",
      details: { reason: code },
      cause: error
    });
  const reason = reasonOf(error, code);
  if (reason === void 0) return error;
  return new TenonError("database_unreachable", `Postgres does not answer: ${reason}.`, {
    hint: "Check that the server named in DATABASE_URL runs and accepts connections from here.",
    details: { reason },
    cause: error
  });
}
function reasonOf(error, code) {
  if (typeof code === "string" && unreachable.has(code)) return code;
  if (/^(Connection terminated|timeout exceeded when trying to connect|Client has encountered a connection error)/.test(
    error.message
  ))
    return error.message;
  if (error instanceof AggregateError && error.errors.length > 0) {
    const first = error.errors[0];
    return first instanceof Error ? reasonOf(first, first.code) : void 0;
  }
  return void 0;
}

// packages/server/src/workers/describe-server-error.ts
function describeServerError(thrown, doing) {
  const error = translateDatabaseError(thrown);
  if (error instanceof TenonError2) return toRunError(error);
  const why = error instanceof Error ? error.message : String(error);
  return {
    code: "internal",
    message: `The server failed while ${doing}: ${why}`,
    hint: "The log of the server has more. The run may be tried again."
  };
}

// packages/server/src/workers/memory-watch.ts
import { readFileSync } from "node:fs";
var intervalMs = 100;
function createMemoryWatch(limitMb) {
  const watched = /* @__PURE__ */ new Map();
  let timer;
  const check = () => {
    for (const [key, { pid, onExceeded }] of watched) {
      const rssMb = readRssMb(pid);
      if (rssMb === void 0 || rssMb <= limitMb) continue;
      watched.delete(key);
      onExceeded(rssMb);
    }
  };
  return {
    readRssMb,
    watch(pid, onExceeded) {
      const key = /* @__PURE__ */ Symbol("watched process");
      watched.set(key, { pid, onExceeded });
      timer ??= setInterval(check, intervalMs);
      return () => {
        watched.delete(key);
        if (watched.size > 0) return;
        clearInterval(timer);
        timer = void 0;
      };
    }
  };
}
function readRssMb(pid) {
  if (process.platform !== "linux") return void 0;
  try {
    const match = /^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    return match ? Number(match[1]) / 1024 : void 0;
  } catch {
    return void 0;
  }
}

// packages/server/src/workers/supervise-run.ts
import { TenonError as TenonError3 } from "@tenon/runtime/errors";
import { logLimits as logLimits2, unpackPage } from "@tenon/runtime/execute";

// packages/server/src/workers/check-worker-message.ts
import { logLimits } from "@tenon/runtime/execute";
var WorkerMessageRefused = class extends Error {
};
var maxPageRecords = 1e3;
var maxIdLength = 1e3;
var maxPageLength = 4e6;
var maxTextLength = 2e4;
var hashLength = 16;
var modelName = /^[A-Z][A-Za-z0-9]{0,99}$/;
var logLevels = /* @__PURE__ */ new Set(["debug", "info", "warn", "error"]);
function checkWorkerMessage(message, runId) {
  if (!isFields(message) || message.runId !== runId) throw new WorkerMessageRefused("it is not of this run");
  switch (message.type) {
    case "started":
    case "renew-credential":
      return { type: message.type, runId };
    case "page":
      return { type: "page", runId, page: checkPage(message.page) };
    case "log":
      return checkLog(message, runId);
    case "succeeded":
      return checkSuccess(message, runId);
    case "failed":
      return { type: "failed", runId, error: checkError(message.error), reusable: message.reusable === true };
    default:
      throw new WorkerMessageRefused(`its type is ${String(message.type).slice(0, 50)}`);
  }
}
function checkPage(page) {
  if (!isFields(page)) throw new WorkerMessageRefused("the page is no object");
  const { sequence, model, ids, jsons, removedIds, hashes, cursor } = page;
  if (typeof sequence !== "number" || !Number.isInteger(sequence))
    throw new WorkerMessageRefused("the page's sequence");
  if (typeof model !== "string" || !modelName.test(model)) throw new WorkerMessageRefused("the page's model");
  if (!areTexts(ids, maxIdLength) || !areTexts(removedIds, maxIdLength))
    throw new WorkerMessageRefused("the page's ids");
  if (!areTexts(jsons, maxPageLength) || jsons.length !== ids.length)
    throw new WorkerMessageRefused("the page's records");
  if (jsons.reduce((length, json) => length + json.length, 0) > maxPageLength)
    throw new WorkerMessageRefused("the page is too large");
  if (!(hashes instanceof Uint8Array) || hashes.byteLength !== ids.length * hashLength) {
    throw new WorkerMessageRefused("the page's hashes");
  }
  const checked = { sequence, model, ids, jsons, hashes, removedIds };
  return cursor === void 0 ? checked : { ...checked, cursor: checkCursor(cursor) };
}
function checkLog(message, runId) {
  const { at, level, message: text, data } = message;
  if (typeof level !== "string" || !logLevels.has(level) || typeof text !== "string" || !isTime(at)) {
    throw new WorkerMessageRefused("the log entry");
  }
  const entry = {
    type: "log",
    runId,
    at,
    level,
    message: text.slice(0, logLimits.messageLength + 100)
  };
  return isFields(data) ? { ...entry, data } : entry;
}
function checkSuccess({ output, cursor, reusable }, runId) {
  return {
    type: "succeeded",
    runId,
    reusable: reusable === true,
    ...output === void 0 ? {} : { output },
    ...cursor === void 0 ? {} : { cursor: checkCursor(cursor) }
  };
}
function checkCursor(cursor) {
  if (typeof cursor === "number" && Number.isFinite(cursor)) return cursor;
  if (typeof cursor === "string" && cursor.length <= maxIdLength) return cursor;
  throw new WorkerMessageRefused("the cursor");
}
function checkError(error) {
  if (!isFields(error) || typeof error.code !== "string" || typeof error.message !== "string") {
    throw new WorkerMessageRefused("the error");
  }
  const { code, message, hint, stack, details } = error;
  return {
    code: code.slice(0, 100),
    message: message.slice(0, maxTextLength),
    ...typeof hint === "string" ? { hint: hint.slice(0, maxTextLength) } : {},
    ...typeof stack === "string" ? { stack: stack.slice(0, maxTextLength) } : {},
    ...isFields(details) ? { details } : {}
  };
}
function areTexts(value, maxLength) {
  return Array.isArray(value) && value.length <= maxPageRecords && value.every((text) => typeof text === "string" && text.length <= maxLength);
}
function isTime(value) {
  return typeof value === "number" && value >= 0 && value < 2534023008e5;
}
function isFields(value) {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// packages/server/src/workers/judge-ending.ts
import { isErrorCode } from "@tenon/runtime/errors";
function judgeError(error, isCancelled) {
  if (isCancelled) return { status: "cancelled", error: cancelledError };
  switch (error.code) {
    case "provider_unauthorized":
      return { status: "auth_failed", error };
    case "provider_rate_limited":
      return { status: "rate_limited", error };
    case "script_timed_out":
      return { status: "timed_out", error };
    default:
      return { status: "failed", error: isErrorCode(error.code) ? error : { ...error, code: "script_failed" } };
  }
}
var heapExhausted = /heap out of memory|allocation failed|Reached heap limit|Committing semi space failed/i;
function judgeExit(exit, killedFor, limitMb) {
  if (killedFor === "cancel") return { status: "cancelled", error: cancelledError };
  if (killedFor === "deadline") return { status: "timed_out", error: unresponsiveError };
  if (killedFor === "memory" || exit.code !== 0 && heapExhausted.test(exit.errorOutput)) {
    return { status: "failed", error: outOfMemoryError(limitMb) };
  }
  if (killedFor === void 0 && exit.code !== null) return { status: "failed", error: exitedError(exit.code) };
  return { status: "lost", error: lostError(String(exit.signal)) };
}
var cancelledError = { code: "run_cancelled", message: "The run was cancelled." };
var unresponsiveError = {
  code: "script_unresponsive",
  message: "The script passed its deadline and did not answer, so its process was ended.",
  hint: "Look for a loop without an await, or for work that takes very long in one go."
};
function outOfMemoryError(limitMb) {
  return {
    code: "script_out_of_memory",
    message: `The script used more memory than the ${limitMb} MB that a run may.`,
    hint: "Save records page by page instead of gathering them first, and read large answers in parts.",
    details: { limitMb }
  };
}
function exitedError(code) {
  return {
    code: "script_exited",
    message: `The script ended its process with code ${code}.`,
    hint: "Do not call process.exit(); throw an Error to fail the run, or return to end it.",
    details: { exitCode: code }
  };
}
function lostError(why) {
  return {
    code: "run_lost",
    message: `The process that executed the run disappeared (${why}).`,
    hint: "The run may be tried again; committed pages are kept."
  };
}

// packages/server/src/workers/worker-output.ts
var maxOutputLength = 16e3;
function createWorkerOutput(onLog, now) {
  let length = 0;
  return (text, stream) => {
    const room = maxOutputLength - length;
    length += text.length;
    const message = text.slice(0, Math.max(room, 0)).trimEnd();
    if (message !== "") onLog({ at: now(), level: stream === "stderr" ? "warn" : "info", message });
  };
}

// packages/server/src/workers/supervise-run.ts
var maxTimerMs = 2 ** 31 - 1;
var maxPagesWaiting = 8;
async function superviseRun(options) {
  const { worker, request, limits, memory } = options;
  const { runId, timeoutMs } = request.start;
  const ending = createDeferred();
  let isEnded = false;
  let killedFor;
  let pagesWaiting = 0;
  let lastSequence = 0;
  let isRenewing = false;
  let logEntries = 0;
  let committing = Promise.resolve();
  const end = (outcome, isReusable = false) => {
    isEnded = true;
    ending.resolve({ outcome, isReusable });
  };
  const kill = (reason) => {
    killedFor ??= reason;
    worker.kill();
  };
  const failWith = (error) => {
    end(judgeError(describeServerError(error, "it committed a page of records"), request.signal.aborted));
    worker.kill();
  };
  const log = (entry) => {
    logEntries += 1;
    if (!isEnded && logEntries <= logLimits2.entries + 1) request.onLog(entry);
  };
  async function commit(page) {
    if (isEnded) return;
    const counts = await request.onPage(unpackPage(page));
    pagesWaiting -= 1;
    worker.send({ type: "page-committed", runId, sequence: page.sequence, counts });
  }
  function takePage(page) {
    pagesWaiting += 1;
    lastSequence += 1;
    if (page.sequence !== lastSequence) throw new WorkerMessageRefused("the page's sequence");
    if (pagesWaiting > maxPagesWaiting) throw new WorkerMessageRefused("too many pages wait");
    committing = committing.then(() => commit(page));
    committing.catch(failWith);
  }
  async function renewCredential() {
    if (isRenewing) return;
    isRenewing = true;
    try {
      const credential = await request.renewCredential();
      worker.send({ type: "credential", runId, credential });
    } catch (error) {
      const described = describeServerError(error, "it renewed the credential");
      worker.send({ type: "credential-failed", runId, error: described });
    } finally {
      isRenewing = false;
    }
  }
  function receive(raw) {
    const message = checkWorkerMessage(raw, runId);
    switch (message.type) {
      case "started":
        request.onStarted?.();
        return;
      case "page":
        takePage(message.page);
        return;
      case "log": {
        const { type: _type, runId: _runId, ...entry } = message;
        log(entry);
        return;
      }
      case "renew-credential":
        void renewCredential();
        return;
      case "succeeded": {
        const { type: _type, runId: _runId, reusable, ...result } = message;
        committing.then(() => end({ status: "succeeded", ...result }, reusable), failWith);
        return;
      }
      case "failed":
        end(judgeError(message.error, request.signal.aborted));
        return;
    }
  }
  const output = createWorkerOutput(log, options.now);
  worker.listen({
    onMessage(message) {
      if (isEnded) return;
      try {
        receive(message);
      } catch (error) {
        failWith(error instanceof WorkerMessageRefused ? describeRefusal(error) : error);
      }
    },
    onOutput: output
  });
  void worker.closed.then((exit) => end(judgeExit(exit, killedFor, limits.memoryLimitMb)));
  const deadline = setTimeout(() => kill("deadline"), Math.min(timeoutMs + limits.killGraceMs, maxTimerMs));
  let cancelGrace;
  const onCancel = () => {
    worker.send({ type: "cancel", runId, reason: "cancelled" });
    cancelGrace = setTimeout(() => kill("cancel"), limits.killGraceMs);
  };
  request.signal.addEventListener("abort", onCancel, { once: true });
  const stopWatching = memory.watch(worker.pid, () => kill("memory"));
  try {
    const bundle = { hash: request.bundleHash, ...options.code === void 0 ? {} : { code: options.code } };
    const { allowPrivateAddresses } = limits;
    worker.send({ type: "start", ...request.start, bundle, allowPrivateAddresses });
    if (request.signal.aborted) onCancel();
    const supervision = await ending.promise;
    await settleWithin(committing, limits.pageDrainMs);
    return supervision;
  } finally {
    clearTimeout(deadline);
    clearTimeout(cancelGrace);
    request.signal.removeEventListener("abort", onCancel);
    stopWatching();
    worker.listen(void 0);
  }
}
function describeRefusal(refusal) {
  return new TenonError3(
    "script_failed",
    `The worker sent a message that the server does not accept: ${refusal.message}.`,
    {
      hint: "A script must not write to the channel of its process."
    }
  );
}
async function settleWithin(work, limitMs) {
  let timer;
  const limit = new Promise((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([work.catch(() => void 0), limit]);
  clearTimeout(timer);
}

// packages/server/src/workers/waiting-line.ts
function createWaitingLine() {
  const waiting = [];
  return {
    get length() {
      return waiting.length;
    },
    add(item, priority) {
      const at = waiting.findIndex((other) => other.priority < priority);
      waiting.splice(at === -1 ? waiting.length : at, 0, { item, priority });
    },
    takeFirst: () => waiting.shift()?.item,
    remove(item) {
      const at = waiting.findIndex((other) => other.item === item);
      if (at !== -1) waiting.splice(at, 1);
      return at !== -1;
    }
  };
}

// packages/server/src/workers/worker-command.ts
import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
var setprivPaths = ["/usr/bin/setpriv", "/bin/setpriv", "/sbin/setpriv"];
function createWorkerCommand(heapLimitMb) {
  const file = createRequire(import.meta.url).resolve("@tenon/runtime/worker");
  const flags = process.allowedNodeEnvironmentFlags;
  const nodeArguments = [
    // Its name before Node 22.13 and 23.5.
    flags.has("--permission") ? "--permission" : "--experimental-permission",
    `--allow-fs-read=${file}`,
    // From Node 25 on the permission flags cover the network too; calling providers is what scripts are for.
    ...flags.has("--allow-net") ? ["--allow-net"] : [],
    `--max-old-space-size=${heapLimitMb}`,
    // The permission flags are experimental on Node 20 and warn at each start.
    "--no-warnings"
  ];
  const setpriv = findSetpriv();
  if (!setpriv) return { file, execPath: process.execPath, execArgv: nodeArguments };
  return {
    file,
    execPath: setpriv,
    execArgv: ["--pdeathsig", "KILL", "--no-new-privs", process.execPath, ...nodeArguments]
  };
}
function findSetpriv() {
  if (process.platform !== "linux") return void 0;
  return setprivPaths.find(
    (path) => spawnSync(path, ["--pdeathsig", "KILL", "--no-new-privs", process.execPath, "-v"], { env: {} }).status === 0
  );
}

// packages/server/src/workers/worker-process.ts
import { fork } from "node:child_process";
import { TenonError as TenonError4 } from "@tenon/runtime/errors";
var keptErrorOutput = 8e3;
var startLimitMs = 15e3;
function startWorkerProcess({ file, execPath, execArgv }, limitMs = startLimitMs) {
  const child = fork(file, [], {
    env: {},
    execPath,
    execArgv,
    serialization: "advanced",
    stdio: ["ignore", "pipe", "pipe", "ipc"]
  });
  let listener;
  let errorOutput = "";
  const ready = createDeferred();
  const closed = createDeferred();
  const startLimit = setTimeout(() => child.kill("SIGKILL"), limitMs);
  child.on("message", (message) => {
    if (isReady(message)) {
      clearTimeout(startLimit);
      ready.resolve();
    } else listener?.onMessage(message);
  });
  child.stdout?.setEncoding("utf8").on("data", (text) => listener?.onOutput(text, "stdout"));
  child.stderr?.setEncoding("utf8").on("data", (text) => {
    errorOutput = (errorOutput + text).slice(-keptErrorOutput);
    listener?.onOutput(text, "stderr");
  });
  const refuse = (why) => ready.reject(
    new TenonError4("worker_unavailable", `A worker process could not be started: ${why}.`, {
      hint: "Check the memory and process limits of this machine, and the log of the server."
    })
  );
  child.on("error", (error) => {
    clearTimeout(startLimit);
    refuse(error.message);
    if (child.pid === void 0) closed.resolve({ code: 1, signal: null, errorOutput: error.message });
  });
  child.on("close", (code, signal) => {
    clearTimeout(startLimit);
    refuse(
      `it ended with ${signal ?? `code ${code}`}${errorOutput === "" ? "" : `: ${errorOutput.slice(0, 500).trim()}`}`
    );
    closed.resolve({ code, signal, errorOutput });
  });
  ready.promise.catch(() => void 0);
  return {
    pid: child.pid ?? 0,
    ready: ready.promise,
    closed: closed.promise,
    listen(next) {
      listener = next;
    },
    send(message) {
      if (child.connected) child.send(message, () => void 0);
    },
    kill() {
      child.kill("SIGKILL");
    }
  };
}
function isReady(message) {
  return typeof message === "object" && message !== null && "type" in message && message.type === "ready";
}

// packages/server/src/workers/worker-roster.ts
function createWorkerRoster(now, onGone) {
  const entries = /* @__PURE__ */ new Set();
  const processes = /* @__PURE__ */ new Set();
  const idle = () => [...entries].filter((entry) => !entry.isBusy);
  const retire = (entry) => {
    entries.delete(entry);
    entry.process.kill();
  };
  const removeWhenClosed = async (entry) => {
    const exit = await entry.process.closed;
    processes.delete(entry.process);
    if (entries.delete(entry)) onGone(exit);
  };
  return {
    get size() {
      return entries.size;
    },
    get busy() {
      return entries.size - idle().length;
    },
    findIdle(environmentId, bundleHash) {
      const own = idle().filter((entry) => entry.environmentId === environmentId);
      return own.find((entry) => entry.bundles.has(bundleHash)) ?? own[0] ?? idle().find((entry) => entry.environmentId === void 0);
    },
    findSpare: () => idle().find((entry) => entry.environmentId === void 0),
    listIdle: () => idle().filter((entry) => entry.environmentId !== void 0).toSorted((left, right) => left.idleSinceMs - right.idleSinceMs),
    add(process2) {
      const entry = {
        process: process2,
        startedAtMs: now(),
        environmentId: void 0,
        isBusy: false,
        runs: 0,
        idleSinceMs: now(),
        bundles: /* @__PURE__ */ new Set()
      };
      entries.add(entry);
      processes.add(process2);
      void removeWhenClosed(entry);
      return entry;
    },
    retire,
    async retireAll() {
      for (const entry of entries) retire(entry);
      await Promise.all([...processes].map((process2) => process2.closed));
    }
  };
}

// packages/server/src/workers/worker-pool.ts
var maxBundlesPerWorker = 50;
var recycleShare = 0.6;
function createWorkerPool(options) {
  const { size, logger, clock } = options;
  const idleWorkerMs = options.idleWorkerMs ?? 3e4;
  const memory = createMemoryWatch(options.rssLimitMb);
  const waiting = createWaitingLine();
  const active = /* @__PURE__ */ new Set();
  const now = () => clock.now();
  let command;
  let started = 0;
  let isStopped = false;
  let trimTimer;
  const roster = createWorkerRoster(now, ({ code, signal, errorOutput }) => {
    logger.debug({ code, signal, errorOutput }, "a worker ended");
    dispatch();
  });
  function startWorker() {
    command ??= createWorkerCommand(options.heapLimitMb);
    started += 1;
    return roster.add(startWorkerProcess(command));
  }
  function obtainWorker({ environmentId, bundleHash }) {
    const idle = roster.findIdle(environmentId, bundleHash);
    if (idle) return idle;
    makeRoom();
    return startWorker();
  }
  function makeRoom() {
    const [longestIdle] = roster.listIdle();
    if (roster.size > size && longestIdle) roster.retire(longestIdle);
  }
  function keepSpare() {
    if (isStopped || roster.findSpare()) return;
    makeRoom();
    if (roster.size <= size) startWorker();
  }
  function dispatch() {
    if (isStopped || active.size >= size) return;
    const next = waiting.takeFirst();
    if (!next) return;
    void run2(next);
    dispatch();
  }
  async function run2({ request, outcome }) {
    active.add(outcome);
    const worker = obtainWorker(request);
    worker.isBusy = true;
    worker.environmentId = request.environmentId;
    keepSpare();
    const { outcome: result, isReusable } = await executeOn(worker, request);
    release(worker, isReusable);
    active.delete(outcome);
    outcome.resolve(isStopped && result.status === "lost" ? stoppedOutcome : result);
    dispatch();
  }
  async function executeOn(worker, request) {
    const { process: process2, bundles } = worker;
    const { bundleHash } = request;
    try {
      const isKnown = bundles.has(bundleHash);
      const [code] = await Promise.all([isKnown ? void 0 : request.loadBundle(bundleHash), process2.ready]);
      if (isStopped) return { outcome: stoppedOutcome, isReusable: false };
      worker.runs += 1;
      bundles.add(bundleHash);
      return await superviseRun({
        worker: process2,
        request,
        code,
        memory,
        now,
        limits: {
          memoryLimitMb: options.rssLimitMb,
          killGraceMs: options.killGraceMs ?? 2e3,
          pageDrainMs: options.pageDrainMs ?? 1e4,
          allowPrivateAddresses: options.allowPrivateAddresses
        }
      });
    } catch (error) {
      logger.warn({ err: error, runId: request.start.runId }, "a run could not be started");
      return {
        outcome: { status: "lost", error: describeServerError(error, "it started the run") },
        isReusable: false
      };
    }
  }
  function release(worker, isReusable) {
    worker.isBusy = false;
    worker.idleSinceMs = now();
    const mayStay = isReusable && !isStopped && worker.runs < options.maxRunsPerWorker && worker.bundles.size < maxBundlesPerWorker && now() - worker.startedAtMs < options.maxWorkerAgeMs && (memory.readRssMb(worker.process.pid) ?? 0) < options.rssLimitMb * recycleShare;
    if (!mayStay) roster.retire(worker);
    keepSpare();
    trimLater();
  }
  function trimLater() {
    if (isStopped) return;
    trimTimer ??= setTimeout(() => {
      trimTimer = void 0;
      const idle = roster.listIdle();
      const due = idle.filter((entry) => now() - entry.idleSinceMs >= idleWorkerMs);
      for (const entry of due) if (roster.size > 1) roster.retire(entry);
      if (due.length < idle.length || roster.busy > 0) trimLater();
    }, idleWorkerMs).unref();
  }
  return {
    execute(request) {
      if (isStopped) return Promise.resolve(stoppedOutcome);
      if (request.signal.aborted) return Promise.resolve(cancelledOutcome);
      const entry = { request, outcome: createDeferred() };
      const cancel = () => {
        if (waiting.remove(entry)) entry.outcome.resolve(cancelledOutcome);
      };
      request.signal.addEventListener("abort", cancel, { once: true });
      waiting.add(entry, request.priority);
      dispatch();
      return entry.outcome.promise.finally(() => request.signal.removeEventListener("abort", cancel));
    },
    warmUp: keepSpare,
    get stats() {
      return { workers: roster.size, busy: active.size, waiting: waiting.length, started };
    },
    async stop() {
      isStopped = true;
      clearTimeout(trimTimer);
      for (let next = waiting.takeFirst(); next; next = waiting.takeFirst()) next.outcome.resolve(stoppedOutcome);
      const runs = [...active].map((outcome) => outcome.promise);
      await roster.retireAll();
      await Promise.all(runs);
    }
  };
}
var stoppedOutcome = {
  status: "lost",
  error: { code: "run_lost", message: "The server stopped before the run ended.", hint: "The run may be tried again." }
};
var cancelledOutcome = {
  status: "cancelled",
  error: { code: "run_cancelled", message: "The run was cancelled before it started." }
};

// packages/server/src/workers/testing/script-pool.ts
function createTestPool(options = {}) {
  return createWorkerPool({
    size: 2,
    heapLimitMb: 64,
    rssLimitMb: 200,
    allowPrivateAddresses: true,
    maxRunsPerWorker: 1e3,
    maxWorkerAgeMs: 36e5,
    killGraceMs: 300,
    pageDrainMs: 50,
    logger: { debug: () => void 0, warn: () => void 0 },
    clock: Date,
    ...options
  });
}
function runScript(pool, source, options = {}) {
  const code = bundleScript(source);
  const logs = [];
  const pages = [];
  let onStarted = () => void 0;
  const started = new Promise((resolve) => {
    onStarted = resolve;
  });
  const kind = source.includes("defineSync(") ? "sync" : "action";
  const outcome = pool.execute({
    environmentId: options.environmentId ?? 1,
    bundleHash: createHash("sha256").update(code).digest("hex"),
    loadBundle: options.loadBundle ?? (() => Promise.resolve(code)),
    priority: options.priority ?? 0,
    signal: options.signal ?? new AbortController().signal,
    onStarted,
    onLog: (entry) => logs.push(entry),
    onPage: async (page) => {
      pages.push(page);
      return options.onPage?.(page) ?? { added: page.records.length, updated: 0, unchanged: 0, deleted: 0 };
    },
    renewCredential: options.renewCredential ?? (() => Promise.reject(new Error("There is no other credential."))),
    start: {
      runId: randomUUID(),
      function: { kind, integration: "sandbox", name: "script", source: scriptPath },
      connection: { id: "acme", config: {}, metadata: {} },
      provider: providerSchema.parse({
        name: "sandbox",
        displayName: "Sandbox",
        docs: "https://example.com/docs",
        sources: ["https://example.com/docs"],
        auth: { mode: "api_key", fields: { apiKey: { title: "API key", secret: true } } },
        headers: { authorization: "Bearer ${credential.apiKey}" },
        baseUrl: options.baseUrl ?? "http://127.0.0.1:9",
        retry: { maxAttempts: 1 }
      }),
      credential: options.credential ?? { mode: "api_key", fields: { apiKey: "key-of-acme" } },
      timeoutMs: options.timeoutMs ?? 2e4,
      ...kind === "sync" ? { sync: options.sync ?? { settings: {}, cursor: void 0, cursorOptions: null } } : { action: { input: options.input } }
    }
  });
  return { outcome, started, logs, pages };
}
var scriptPath = "integrations/sandbox/actions/script.ts";
function bundleScript(source) {
  const result = buildSync({
    stdin: { contents: source, loader: "ts", sourcefile: scriptPath, resolveDir: import.meta.dirname },
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    sourcemap: "inline",
    external: ["@tenon/runtime", "zod", "node:*"],
    logLevel: "silent"
  });
  return result.outputFiles[0]?.text ?? "";
}

// <stdin>
import { readFileSync as readFileSync2 } from "node:fs";
var run = runScript(createTestPool({ size: 1 }), "import { defineAction, z } from '@tenon/runtime';\n\nexport default defineAction({\n  input: z.any(),\n  output: z.any(),\n  async run(action) {\nawait new Promise(() => {})\n  },\n});\n");
await run.started;
console.log(readFileSync2("/proc/self/task/" + process.pid + "/children", "utf8"));
