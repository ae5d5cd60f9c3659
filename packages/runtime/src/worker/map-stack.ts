import { SourceMap, type SourceMapPayload } from 'node:module';

const inlineMap = '//# sourceMappingURL=data:application/json';

export interface SplitBundle {
  readonly code: string;
  /** Base64 of the source map; undefined: the bundle has none. */
  readonly map: string | undefined;
}

/** Takes the inline source map off a bundle, so that V8 need not keep it with the code. */
export function splitBundle(text: string): SplitBundle {
  const at = text.lastIndexOf(inlineMap);
  const comma = at === -1 ? -1 : text.indexOf(';base64,', at);
  if (comma === -1) return { code: text, map: undefined };
  return { code: text.slice(0, at), map: text.slice(comma + ';base64,'.length).trim() };
}

/**
 * Makes the function that reduces a stack to the script's own frames, mapped to its source. Node's own source map
 * support leaves scripts of vm.Script alone (tried on 20.20 and 24.21), and an error is rare enough to be mapped here.
 * @param filename the name that the script was compiled under
 */
export function createStackMapper(filename: string, map: string | undefined): (stack: string) => string | undefined {
  let parsed: SourceMap | undefined;
  const readMap = (): SourceMap | undefined => {
    if (parsed || map === undefined) return parsed;
    try {
      parsed = new SourceMap(JSON.parse(Buffer.from(map, 'base64').toString('utf8')) as SourceMapPayload);
    } catch {
      // A broken map costs the source lines, not the error.
    }
    return parsed;
  };
  return (stack) => {
    const frames = stack.split('\n').flatMap((line) => {
      const frame = readFrame(line, filename);
      return frame ? [`    at ${showFrame(frame, readMap())}`] : [];
    });
    return frames.length > 0 ? frames.join('\n') : undefined;
  };
}

interface Frame {
  readonly call: string;
  readonly line: number;
  readonly column: number;
}

function readFrame(text: string, filename: string): Frame | undefined {
  const at = text.lastIndexOf(`${filename}:`);
  if (at === -1 || !/^\s*at /.test(text)) return undefined;
  const position = /^(\d+):(\d+)\)?$/.exec(text.slice(at + filename.length + 1));
  if (!position) return undefined;
  const call = text
    .slice(0, at)
    .replace(/^\s*at /, '')
    .replace(/\($/, '')
    .trim();
  return { call, line: Number(position[1]), column: Number(position[2]) };
}

function showFrame({ call, line, column }: Frame, map: SourceMap | undefined): string {
  const entry = map?.findEntry(line - 1, column - 1);
  const place =
    entry && 'originalSource' in entry
      ? `${showSource(entry.originalSource)}:${entry.originalLine + 1}:${entry.originalColumn + 1}`
      : `bundle:${line}:${column}`;
  return call === '' || call === 'async' ? `${call} ${place}`.trim() : `${call} (${place})`;
}

/** Sources stand relative to wherever the bundle was written; what is left is the path in the project. */
function showSource(source: string): string {
  return source.replace(/^(?:\.\.?\/)+/, '');
}
