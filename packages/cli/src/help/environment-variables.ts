/** The environment variables that the command line reads, in the order in which people need them. */
export const environmentVariables: readonly (readonly [string, string])[] = [
  ['TENON_URL', 'address of the server'],
  ['TENON_API_KEY', 'its API key'],
  ['TENON_PROFILE', 'the profile of `tenon login` to use; goes before TENON_URL'],
  ['TENON_KEYRING', '"off": keep keys in a file, and ask no keyring of the system'],
  ['XDG_CONFIG_HOME', 'where profiles are kept, in its folder tenon (default: ~/.config; on Windows %APPDATA%)'],
  ['TENON_PORT', 'port of `tenon dev` and `tenon server start` (default: 4600)'],
  ['CI', 'nobody is asked anything'],
  ['NO_COLOR', 'no colours'],
  ['FORCE_COLOR', 'colours without a terminal too'],
  ['BROWSER', 'what opens pages; "none": nothing does'],
  ['HTTPS_PROXY', 'proxy on the way to the server; HTTP_PROXY and NO_PROXY too'],
  ['NODE_EXTRA_CA_CERTS', 'file with the CA of your company (PEM)'],
];
