/** Web frameworks and routers. The path of a later major version ends with `/v2` and so on. */
const frameworks: readonly string[] = [
  'github.com/gin-gonic/gin',
  'github.com/labstack/echo',
  'github.com/gofiber/fiber',
  'github.com/go-chi/chi',
  'github.com/gorilla/mux',
  'github.com/beego/beego',
  'github.com/kataras/iris',
  'github.com/valyala/fasthttp',
  'github.com/julienschmidt/httprouter',
  'github.com/pocketbase/pocketbase',
  'github.com/danielgtaylor/huma',
  'github.com/gobuffalo/buffalo',
  'github.com/cloudwego/hertz',
  'github.com/go-fuego/fuego',
  'github.com/zeromicro/go-zero/rest',
  'github.com/go-kratos/kratos',
  'github.com/uptrace/bunrouter',
  'github.com/emicklei/go-restful',
  'goji.io',
  'goyave.dev/goyave',
  'go.opentelemetry.io/collector/otelcol',
];

/** A module of Go. */
export interface GoModule {
  readonly folder: string;
  /** Import path of its packages. */
  readonly name: string;
  /** Whether it requires a web framework itself. */
  readonly hasFramework: boolean;
}

export function goModule(folder: string, text: string): GoModule {
  const lines = text.slice(0, 256 * 1024).split('\n');
  const direct = lines.filter((line) => !line.includes('// indirect'));
  return {
    folder,
    name: /^module\s+"?([^\s"]+)/mu.exec(text)?.[1] ?? '',
    hasFramework: frameworks.some((name) =>
      direct.some((line) => line.includes(`${name} `) || line.includes(`${name}/`)),
    ),
  };
}

/** Returns whether a line of a source file makes a program listen, or imports a web framework. */
export function isServerLine(line: string): boolean {
  return isListeningLine(line) || frameworks.some((name) => line.includes(`"${name}`));
}

/** Returns whether a line of a source file makes a program listen. */
export function isListeningLine(line: string): boolean {
  return /\bListenAndServe(?:TLS)?\(|\bhttp\.Serve(?:TLS)?\(|\bhttp\.Server\{/u.test(line);
}
