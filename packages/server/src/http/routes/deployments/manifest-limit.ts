/** A manifest of 500 syncs with models of 50 fields is about 4 MB. */
export const maxManifestBytes = 20 * 1024 * 1024;
