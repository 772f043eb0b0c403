/** A decoder for anypiano: the sheet Plugins loads this file by its address. */
export default {
  format: 'anypiano-decoder/1',
  name: 'Sines',
  vendor: 'anypiano examples',
  processor: { url: 'sines-processor.js', name: 'anypiano-example-sines' },
};
