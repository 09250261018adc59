import { statusConfigMap, statusKey } from "../../components/gateway/names.ts";
import type { GatewayStatus } from "../../components/lib/migration/status.ts";
import type { KubeClient } from "../../deploy/api/client.ts";
import { contentOf } from "../status.ts";

export const fieldManager = "private-llm-controller";

/** Changes that come together make one write, ms. */
const gathering = 50;
/** After a write that failed, ms. */
const patience = 1_000;
/** An old time says that nobody is at work, so the same is written again, ms. */
const heartbeat = 30_000;

export interface StatusWriterOptions {
  readonly namespace: string;
  readonly client: () => Promise<Pick<KubeClient, "send">>;
  readonly status: () => GatewayStatus;
  readonly onError: (reason: string) => void;
}

/** Keeps the status object as it should be, with one write at a time. */
export class StatusWriter {
  private readonly options: StatusWriterOptions;
  private timer: NodeJS.Timeout | undefined;
  private due = Number.POSITIVE_INFINITY;
  private written: string | undefined;
  private writing: Promise<void> | undefined;
  private ended = false;

  constructor(options: StatusWriterOptions) {
    this.options = options;
  }

  /** Something may have changed. */
  changed(): void {
    this.wake(gathering);
  }

  /** Ends after the write under way. */
  async end(): Promise<void> {
    this.ended = true;
    clearTimeout(this.timer);
    await this.writing;
  }

  private wake(after: number): void {
    const due = performance.now() + after;
    if (this.ended || due >= this.due) return;
    clearTimeout(this.timer);
    this.due = due;
    this.timer = setTimeout(() => {
      this.due = Number.POSITIVE_INFINITY;
      if (this.writing !== undefined) return this.wake(gathering);
      const beat = after === heartbeat;
      this.writing = this.write(beat).finally(() => {
        this.writing = undefined;
      });
    }, after);
  }

  private async write(beat: boolean): Promise<void> {
    const status = this.options.status();
    const content = contentOf(status);
    if (content === this.written && !beat) return this.wake(heartbeat);
    const reason = await this.send(status);
    if (reason === undefined) this.written = content;
    else this.options.onError(`status: ${reason}`);
    // What changed meanwhile woke nobody, as a write was under way.
    const late = contentOf(this.options.status()) !== this.written;
    this.wake(reason !== undefined ? patience : late ? gathering : heartbeat);
  }

  /** @returns why it was not written */
  private async send(status: GatewayStatus): Promise<string | undefined> {
    const { namespace } = this.options;
    try {
      const client = await this.options.client();
      const place = `/api/v1/namespaces/${namespace}/configmaps/${statusConfigMap}`;
      const answer = await client.send("PATCH", place, {
        contentType: "application/apply-patch+yaml",
        query: { fieldManager, force: "true" },
        body: {
          apiVersion: "v1",
          kind: "ConfigMap",
          metadata: {
            name: statusConfigMap,
            namespace,
            labels: { "app.kubernetes.io/part-of": "private-llm" },
          },
          data: { [statusKey]: `${JSON.stringify(status, undefined, 2)}\n` },
        },
      });
      return answer.status < 300 ? undefined : `the API server answered with HTTP ${answer.status}`;
    } catch (error) {
      return error instanceof Error ? error.message : String(error);
    }
  }
}
