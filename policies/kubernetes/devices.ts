import { entries, type Field, get } from "../model/field.ts";

/** A device that a container asks for, such as `nvidia.com/gpu`. */
export interface DeviceRequest {
  readonly name: string;
  readonly quantity: Field;
}

/** Devices that a model could run on, of any maker. */
export const gpuResource =
  /^(?:nvidia\.com\/(?:gpu|mig-)|amd\.com\/gpu|gpu\.intel\.com\/|habana\.ai\/)/;

export function isGpuDevice(name: string): boolean {
  return gpuResource.test(name);
}

/**
 * What a container asks for beyond processor, memory and disk, apart from what it asks none of.
 * `undefined` where its requests cannot be read.
 */
export function devicesOf(container: Field): readonly DeviceRequest[] | undefined {
  const found: DeviceRequest[] = [];
  for (const side of ["limits", "requests"]) {
    const quantities = entries(get(container, "resources", side));
    if (quantities === undefined) return undefined;
    for (const [name, quantity] of quantities) {
      if (name.includes("/") && !isZero(quantity)) found.push({ name, quantity });
    }
  }
  return found;
}

/** Whether a container holds a GPU by its requests; an unreadable request may be one. */
export function requestsGpu(container: Field): boolean {
  return devicesOf(container)?.some(({ name }) => isGpuDevice(name)) ?? true;
}

/** Extended resources are whole numbers, so zero has one spelling. */
function isZero(quantity: Field): boolean {
  return quantity.value === 0 || quantity.value === "0";
}
