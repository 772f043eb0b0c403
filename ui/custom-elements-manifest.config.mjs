/** For the analyser of custom elements, as `manifest.mjs` calls it. */
export default {
  globs: ['ui/any-piano.ts', 'ui/instrument-settings.ts', 'ui/instrument.ts', 'ui/piano-keyboard.ts', 'ui/piano-strings.ts'],
  litelement: true,
  // package.json stays as it is.
  packagejson: false,
  quiet: true,
};
