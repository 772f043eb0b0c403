/** The reference of what the package exports: `npm run docs` writes it to `dist/docs`. */
import { fileURLToPath } from 'node:url';
import { OptionDefaults } from 'typedoc';

const at = (path) => fileURLToPath(new URL(path, import.meta.url));

export default {
  name: 'anypiano',
  entryPoints: [at('anypiano.ts'), at('../worklet/inlined.ts')],
  tsconfig: at('../tsconfig.json'),
  out: at('../dist/docs'),
  readme: 'none',
  // What a custom elements manifest has, too.
  blockTags: [...OptionDefaults.blockTags, '@fires', '@slot', '@csspart', '@cssprop'],
  disableSources: true,
  excludePrivate: true,
  excludeProtected: true,
  excludeExternals: true,
  skipErrorChecking: true,
  treatValidationWarningsAsErrors: true,
  validation: { notExported: false, invalidLink: true, notDocumented: false },
};
