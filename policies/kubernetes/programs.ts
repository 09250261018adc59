/** What a program could do for somebody who wants data out, or code in. */
export type ProgramClass = "shell" | "fetcher" | "installer" | "interpreter" | "wrapper" | "other";

function words(text: string): ReadonlySet<string> {
  return new Set(text.trim().split(/\s+/));
}

/** Programs that run whatever text or program they are given, and are no part of serving a model. */
export const shells = words(`
  ash at bash busybox bwrap chroot csh dash elvish expect find firejail fish gdb ksh ltrace mksh nsenter nu
  oksh parallel posh powershell proot pwsh rbash rksh runuser s6-svscan sash screen script sh
  start-stop-daemon strace su sudo supervisord systemd-run tcsh tmux toybox unshare valgrind watch xargs
  yash zsh`);

/** Programs that open a connection to wherever they are told. */
export const fetchers = words(`
  aria2c aws axel az azcopy boto crane croc crictl ctr curl curlie dig docker drill fetch ftp gcloud git
  gsutil helm hf host http httpie https huggingface-cli hg kubectl ldapsearch lftp links lynx mc
  modelscope mosquitto_pub mount mount.nfs nc ncat nerdctl netcat nslookup openssl oras ping ping6 podman
  psql rclone redis-cli rsync s3cmd s5cmd scp sendmail sftp skopeo smbclient socat ssh svn telnet tftp
  traceroute w3m wget wget2 whois websocat xh`);

/** Programs that bring further code into the container. */
export const installers = words(`
  apk apt apt-get brew bundle cargo conda cpan dnf dpkg easy_install emerge gem go luarocks make mamba
  microdnf micromamba npm npx opkg pacman pdm pip pipenv pipx pnpm poetry rpm snap uv uvx yarn yum zypper`);

/** Programs that run code of their own language, also from their command line. */
export const interpreters = words(`
  awk bun deno elixir erl gawk groovy guile ipython jruby jshell julia jupyter lua luajit mawk nawk
  node nodejs perl php pypy python racket raku rscript ruby sed sqlite3 tclsh ts-node tsx vim`);

/** Programs that start another one, the first of their own words that is no flag and no number. */
export const wrappers = words(`
  catatonit chpst chrt dumb-init env exec gosu ionice ld.so linux64 nice nohup numactl prlimit setarch
  setpriv setsid stdbuf su-exec taskset time timeout tini`);

/**
 * Names that are no sensible value of a flag, so that they are suspicious in every place of a command
 * line; the other tables hold ordinary words too, such as "node" or "host".
 */
export const unmistakable = words(`
  apk apt-get aria2c ash bash busybox crictl csh curl dash dnf easy_install huggingface-cli kubectl ksh
  microdnf nerdctl netcat npx nslookup perl pip pipx pwsh rclone rsync sh socat telnet tcsh toybox uvx
  wget yum zsh`);

export interface Program {
  readonly name: string;
  readonly kind: ProgramClass;
  readonly unmistakable: boolean;
}

/** The program that a word names by its file name; versions at its end, as in `python3.12`, count for nothing. */
export function programOf(word: string): Program {
  const file = word.slice(word.lastIndexOf("/") + 1).toLowerCase();
  const name = file.replace(/\.exe$/, "").replace(/[\d.-]+$/, "") || file;
  const names = [file, name];
  const known = (set: ReadonlySet<string>) => names.some((each) => set.has(each));
  return {
    name: file,
    kind: kindOf(known, file),
    unmistakable: known(unmistakable) || name === "python",
  };
}

function kindOf(known: (set: ReadonlySet<string>) => boolean, file: string): ProgramClass {
  if (known(shells)) return "shell";
  if (known(fetchers)) return "fetcher";
  if (known(installers)) return "installer";
  if (known(interpreters)) return "interpreter";
  return known(wrappers) || file.startsWith("ld-linux") ? "wrapper" : "other";
}

/** Whether a word is a path into a folder of programs, so that it can hardly be anything else. */
export function isProgramPath(word: string): boolean {
  return /^\/(?:[^\s:=]+\/)?s?bin\/[^/\s]+$/.test(word);
}

/** Modules that `python -m` may start: those that serve a model. */
export const engineModules =
  /^(?:vllm|sglang|tensorrt_llm|lmdeploy|text_generation_server|mlc_llm|aphrodite|llama_cpp)(?:\.|$)/;

/** Flags of Python that neither take a value nor bring in code. */
const plainFlags = words("-B -E -I -O -OO -P -b -d -q -s -u -v");

/**
 * Whether an interpreter is told to run a file of the image, or a module that serves a model, and no
 * more: text on the command line or from standard input can be anything.
 * @param rest the words behind the interpreter
 */
export function runsFile(interpreter: Program, rest: readonly string[]): boolean {
  const python = /^python[\d.]*$/.test(interpreter.name);
  const first = rest.findIndex((word) => !(python && plainFlags.has(word)));
  const word = rest[first];
  if (word === undefined) return false;
  if (python && word === "-m") return engineModules.test(rest[first + 1] ?? "");
  return /^(?:\/\S+|[\w.][\w./-]*\.\w+)$/.test(word);
}

/** The file that an interpreter runs, or the program itself: what has to come from the image. */
export function scriptOf(rest: readonly string[]): string | undefined {
  return rest.find((word) => !word.startsWith("-"));
}
