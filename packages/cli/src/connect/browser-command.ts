export interface BrowserSurroundings {
  readonly platform: NodeJS.Platform;
  readonly variables: Readonly<Record<string, string | undefined>>;
}

export interface BrowserCommand {
  readonly command: string;
  readonly arguments: readonly string[];
}

/**
 * How an address is opened in the user's browser; undefined where there is no screen to show one on.
 * @param url of a page; it is one argument and meets no shell. What is no http or https address is not opened
 */
export function browserCommand(url: string, { platform, variables }: BrowserSurroundings): BrowserCommand | undefined {
  // The address comes from a server; openers start programs for other schemes, and files.
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol)) return undefined;
  // A name of a program, as Debian and others set it; a command line with arguments is left to those who wrote it.
  const own = variables['BROWSER'];
  if (own === 'none') return undefined;
  if (own !== undefined && /^[^\s%]+$/.test(own)) return { command: own, arguments: [url] };
  if (platform === 'darwin') return { command: 'open', arguments: [url] };
  // `start` is of cmd.exe, for which & in the address would be the end of the command.
  if (platform === 'win32') return { command: 'rundll32', arguments: ['url.dll,FileProtocolHandler', url] };
  if (variables['WSL_DISTRO_NAME']) {
    return { command: 'rundll32.exe', arguments: ['url.dll,FileProtocolHandler', url] };
  }
  if (!variables['DISPLAY'] && !variables['WAYLAND_DISPLAY']) return undefined;
  return { command: 'xdg-open', arguments: [url] };
}
