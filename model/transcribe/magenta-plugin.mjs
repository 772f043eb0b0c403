/**
 * Lets esbuild take Onsets and Frames out of `@magenta/music`, whose modules as shipped neither bundle nor load in
 * Node: what they ask of the machine comes from the globals, and their own way to read audio files is left out.
 *
 * @type {import('esbuild').Plugin}
 */
export const magentaPlugin = {
  name: 'magenta',
  setup(build) {
    const replace = (path, contents) => build.onLoad({ filter: new RegExp(`@magenta[\\\\/]music[\\\\/]esm[\\\\/]${path}\\.js$`) }, () => ({ contents }));
    replace('core[\\\\/]compat[\\\\/]global', 'export const { fetch, performance, navigator } = globalThis; export const isSafari = false; export const getOfflineAudioContext = () => undefined;');
    replace('core[\\\\/]audio_utils', 'export const loadAudioFromFile = undefined; export const loadAudioFromUrl = undefined;');
    replace('transcription[\\\\/]audio_utils', 'export const preprocessAudio = undefined;');
  },
};
