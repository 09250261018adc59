import test from "ava";
import { moreSafeties } from "./more-safety.ts";
import { goodProxies, safeties } from "./safety.ts";

for (const { title, faults, mutants } of [...safeties, ...moreSafeties]) {
  test(title, (t) => {
    t.deepEqual(faults(goodProxies()), []);
  });

  for (const [name, mutate] of Object.entries(mutants)) {
    test(`${title}; broken: ${name}`, (t) => {
      const proxies = goodProxies();
      mutate(proxies);
      t.not(faults(proxies).length, 0);
    });
  }
}
