import type { Answer, FinishReason } from "./answer.ts";
import type { EngineFinish, EngineStatistics } from "./engine-statistics.ts";
import type { Fault } from "./faults.ts";
import type { GenerationRequest } from "./generation-request.ts";
import { kvTokens, type Pace, pace } from "./latency.ts";
import type { SimulatorOptions } from "./options.ts";
import { PrefixCache } from "./prefix-cache.ts";

/** Who hears of the tokens of one request. `end` comes once, and last. */
export interface Listener {
  token(index: number): void;
  end(finish: FinishReason): void;
}

/** One request on its way through the engine. */
export interface Job {
  readonly answer: Answer;
  readonly promptTokens: number;
  readonly cachedTokens: number;
  listener: Listener;
  readonly pace: Pace;
  readonly arrived: number;
  generated: number;
  scheduled: number;
  firstAt: number;
  lastAt: number;
  due: number;
  timer: NodeJS.Timeout | undefined;
}

const nobody: Listener = { token: () => {}, end: () => {} };

/** Runs up to `maxNumSeqs` requests at once and keeps the others in line. */
export class Scheduler {
  readonly statistics: EngineStatistics;
  readonly #options: SimulatorOptions;
  readonly #waiting = new Set<Job>();
  readonly #running = new Set<Job>();
  readonly #cache = new PrefixCache();
  #fault: Fault = { kind: "none" };
  #accepted = 0;
  #draining = false;
  #pumping = false;
  #whenIdle: () => void = () => {};

  constructor(options: SimulatorOptions, statistics: EngineStatistics) {
    this.#options = options;
    this.statistics = statistics;
  }

  get running(): number {
    return this.#running.size;
  }

  get waiting(): number {
    return this.#waiting.size;
  }

  get wedged(): boolean {
    return this.#fault.kind === "wedge";
  }

  get draining(): boolean {
    return this.#draining;
  }

  kvCacheUsage(): number {
    let tokens = 0;
    for (const job of this.#running) tokens += job.promptTokens + job.generated;
    return Math.min(1, tokens / kvTokens(this.#options.latency));
  }

  /** What stood still during a wedge goes on from where it was. */
  setFault(fault: Fault): void {
    this.#fault = fault;
    if (this.wedged) return;
    for (const job of Array.from(this.#running)) if (job.timer === undefined) this.#step(job);
    this.#pump();
  }

  /** Undefined: the queue is full. */
  submit(request: GenerationRequest, listen: (job: Job) => Listener): Job | undefined {
    const { maxNumQueuedReqs = Infinity } = this.#options;
    if (this.running + this.waiting >= maxNumQueuedReqs) {
      this.statistics.rejections++;
      return undefined;
    }
    const job = this.#accept(request, listen);
    this.#waiting.add(job);
    // The engine takes nothing new while it drains, and says so by an answer that is cut off.
    if (this.#draining) this.#end(job, "abort");
    else this.#pump();
    return job;
  }

  /** The client has gone. */
  abort(job: Job): void {
    this.#leave(job, "abort");
  }

  /** Takes nothing new; resolves when the last request is through, or cuts off those left after `seconds`. */
  async drain(seconds: number): Promise<void> {
    this.#draining = true;
    const idle = new Promise<void>((resolve) => {
      this.#whenIdle = resolve;
    });
    this.#noteIdle();
    const late = setTimeout(() => this.#cutOff(), seconds * 1000);
    await idle;
    clearTimeout(late);
  }

  #cutOff(): void {
    for (const job of [...this.#running, ...this.#waiting]) this.#end(job, "abort");
  }

  #accept(request: GenerationRequest, listen: (job: Job) => Listener): Job {
    const { latency, seed } = this.#options;
    const { answer, prompt, promptTokens } = request;
    const cachedTokens = this.#cache.reuse(prompt, promptTokens);
    const job: Job = {
      answer,
      promptTokens,
      cachedTokens,
      listener: nobody,
      arrived: performance.now(),
      generated: 0,
      scheduled: 0,
      firstAt: 0,
      lastAt: 0,
      due: 0,
      timer: undefined,
      pace: pace(latency, seed, this.#accepted++, promptTokens - cachedTokens),
    };
    job.listener = listen(job);
    return job;
  }

  #pump(): void {
    // A request without latency ends before its start returns, and its end calls this again.
    if (this.#pumping) return;
    this.#pumping = true;
    for (const job of this.#waiting) {
      if (this.wedged || this.running >= this.#options.maxNumSeqs) break;
      this.#waiting.delete(job);
      this.#start(job);
    }
    this.#pumping = false;
  }

  #start(job: Job): void {
    this.#running.add(job);
    this.statistics.started(job.promptTokens, job.cachedTokens);
    job.scheduled = performance.now();
    job.due = job.scheduled + job.pace.first(this.#factor());
    this.#arm(job, job.scheduled);
  }

  #arm(job: Job, now: number): void {
    if (job.due <= now) this.#step(job);
    else job.timer = setTimeout(this.#step, job.due - now, job);
  }

  readonly #step = (job: Job): void => {
    job.timer = undefined;
    while (this.#running.has(job) && !this.wedged) {
      const now = performance.now();
      this.#generate(job, now);
      if (!this.#running.has(job)) return;
      if (job.generated === job.answer.tokens.length) return this.#end(job, job.answer.finish);
      job.due += job.pace.next(this.#factor());
      if (job.due > now) {
        job.timer = setTimeout(this.#step, job.due - now, job);
        return;
      }
    }
  };

  #generate(job: Job, now: number): void {
    if (job.generated === 0) {
      this.statistics.firstToken((now - job.arrived) / 1000);
      job.firstAt = now;
    } else this.statistics.nextToken((now - job.lastAt) / 1000);
    job.lastAt = now;
    job.listener.token(job.generated++);
  }

  #factor(): number {
    return this.#fault.kind === "slow" ? this.#fault.factor : 1;
  }

  #end(job: Job, finish: FinishReason): void {
    // For the engine a tool call is an answer that came to its end.
    if (this.#leave(job, finish === "tool_calls" ? "stop" : finish)) job.listener.end(finish);
  }

  #leave(job: Job, reason: EngineFinish): boolean {
    if (!this.#running.delete(job) && !this.#waiting.delete(job)) return false;
    clearTimeout(job.timer);
    const now = performance.now();
    const scheduled = job.scheduled === 0 ? now : job.scheduled;
    const firstAt = job.firstAt === 0 ? now : job.firstAt;
    this.statistics.end({
      reason,
      whole: (now - job.arrived) / 1000,
      queued: (scheduled - job.arrived) / 1000,
      prefill: (firstAt - scheduled) / 1000,
      decode: (now - firstAt) / 1000,
      promptTokens: job.promptTokens,
      generated: job.generated,
    });
    this.#pump();
    this.#noteIdle();
    return true;
  }

  #noteIdle(): void {
    if (this.#draining && this.running + this.waiting === 0) this.#whenIdle();
  }
}
