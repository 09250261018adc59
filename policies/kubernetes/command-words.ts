import { elements, type Field, get, isUnreadable } from "../model/field.ts";
import { environmentOf } from "./environment.ts";

/** A word of a command line as the container gets it. */
export interface Word {
  readonly field: Field;
  /** `undefined` where nobody can tell it before the container runs. */
  readonly text: string | undefined;
}

/** Sources of a variable whose value is a name or an address of the pod itself, so never a program. */
const plainFields =
  /^(?:status\.(?:pod|host)IPs?|spec\.nodeName|spec\.serviceAccountName|metadata\.(?:name|namespace|uid))$/;

/**
 * The words of a list, with `$(NAME)` put in as Kubernetes does it. A reference to a value from
 * elsewhere stays as it is behind an equals sign: such a word sets something and can be no program.
 */
export function wordsOf(list: Field, container: Field): readonly Word[] {
  const { variables } = environmentOf(container);
  return elements(list).map((field) => {
    if (typeof field.value !== "string" || isUnreadable(field)) return { field, text: undefined };
    return { field, text: expanded(field.value, variables) };
  });
}

/** The words of a command that Kubernetes passes on as they are. */
export function literalWords(list: Field): readonly Word[] {
  return elements(list).map((field) => ({
    field,
    text: typeof field.value === "string" && !isUnreadable(field) ? field.value : undefined,
  }));
}

function expanded(word: string, variables: ReadonlyMap<string, Field>): string | undefined {
  let hidden = false;
  const text = word.replaceAll(
    /\$\$|\$\(([\w.-]+)\)/g,
    (whole, name: string | undefined, at: number) => {
      if (name === undefined) return "$";
      const value = literal(variables.get(name));
      if (value === undefined && !word.slice(0, at).includes("=")) hidden = true;
      return value ?? whole;
    },
  );
  return hidden ? undefined : text;
}

/** The value of a variable as far as the pod spec fixes it; an unset one stays written as it is. */
function literal(entry: Field | undefined): string | undefined {
  if (entry === undefined) return undefined;
  const source = get(entry, "valueFrom");
  if (source.value !== undefined) {
    const path = get(source, "fieldRef", "fieldPath").value;
    const plain = typeof path === "string" && plainFields.test(path);
    return plain || get(source, "resourceFieldRef").value !== undefined ? "0" : undefined;
  }
  const value = get(entry, "value");
  if (value.value === undefined) return "";
  return typeof value.value === "string" && !isUnreadable(value) ? value.value : undefined;
}
