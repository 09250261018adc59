import { routeConfigName } from "../components/gateway/names.ts";
import type { GatewayStatus } from "../components/lib/migration/status.ts";
import { Acknowledgements } from "./acknowledgements.ts";
import { type Decision, decide, nothingDecided } from "./decide.ts";
import { type Answer, type DiscoveryPath, discoveryAnswer, discoveryRequest } from "./discovery.ts";
import type { Log } from "./log.ts";
import type { Observed } from "./observed.ts";
import { routesVersion, statusOf } from "./status.ts";

export interface ControllerOptions {
  readonly log: Log;
  readonly now: () => Date;
  /** Called whenever the status may be another one. */
  readonly onChange: () => void;
}

/** What is on offer, and who has it. It holds no connection and no timer. */
export class RouteController {
  private readonly options: ControllerOptions;
  private readonly acknowledgements = new Acknowledgements();
  private observed: Observed = {};
  private decision: Decision = nothingDecided;

  constructor(options: ControllerOptions) {
    this.options = options;
  }

  /** Takes up what a source found. */
  observe(part: Partial<Observed>): void {
    this.observed = { ...this.observed, ...part };
    this.acknowledgements.expect(this.observed.gateways);
    const before = this.decision;
    try {
      this.decision = decide(this.observed, before);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.decision = { ...before, desiredFault: `routes cannot be made: ${reason}` };
    }
    this.tell(before);
    this.options.onChange();
  }

  discover(path: DiscoveryPath, text: string): Answer {
    const request = discoveryRequest(text);
    if (request === undefined) return { status: 400 };
    const { routes, endpoints } = this.decision;
    if (path === "/v3/discovery:endpoints") {
      return discoveryAnswer(path, request, endpoints?.(request.health));
    }
    if (request.names.includes(routeConfigName)) {
      const changed = this.acknowledgements.note(request, this.options.now());
      if (changed) this.options.onChange();
    }
    return discoveryAnswer(path, request, routes);
  }

  /** Drops proxies that ask no more. */
  sweep(): void {
    if (this.acknowledgements.forget(this.options.now())) this.options.onChange();
  }

  status(): GatewayStatus {
    const { now } = this.options;
    return statusOf(this.decision, this.acknowledgements.replicas(), now());
  }

  /** Whether there ever were routes to offer. */
  hasRoutes(): boolean {
    return this.decision.routes !== undefined;
  }

  private tell(before: Decision): void {
    const { log } = this.options;
    const { desiredFault, effective } = this.decision;
    if (desiredFault !== null && desiredFault !== before.desiredFault) {
      log.error("desired routes are not usable, the last good ones stay", { fault: desiredFault });
    }
    const version = routesVersion(this.decision);
    const override = effective?.override;
    const state = override?.state ?? "none";
    if (version === routesVersion(before) && state === before.effective?.override.state) return;
    log.info("routes on offer", {
      version,
      override: state,
      record: override?.record?.sequence ?? null,
      ...(override?.state === "void" ? { reason: override.reason } : {}),
    });
  }
}
