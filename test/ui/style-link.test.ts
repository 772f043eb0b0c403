import { inflateRawSync, deflateRawSync } from 'node:zlib';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseStyle, serialiseStyle } from '../../model/style.ts';
import { linkedStyle, styleLink } from '../../ui/style-link.ts';
import { randomVoicing } from '../worklet/fixtures.ts';

const shipped = readFileSync(new URL('../../model/pretrained/styles/upright-kw.json', import.meta.url), 'utf8');
const style = { ...parseStyle(shipped, 'upright-kw'), id: 'own-grandma', name: 'Großmutters Klavier 🎹', voicing: randomVoicing(3) };
const PAGE = 'https://example.org/piano/?theme=dark';

describe('the address of a piano', () => {
  it('brings the piano back, also from a page that is open at another one', async () => {
    const link = await styleLink(style, `${PAGE}#elsewhere`);
    expect(link.startsWith(`${PAGE}#piano=`)).toBe(true);
    expect(await linkedStyle(link)).toEqual(style);
    // No character that a mail program ends an address at.
    expect(link.slice(PAGE.length)).toMatch(/^#piano=[\w-]+$/);
    expect(link.length).toBeLessThan(0.6 * serialiseStyle(style).length);
  });

  it('is the style in DEFLATE and base64url, as others read and write them', async () => {
    const link = await styleLink(style, PAGE);
    const text = inflateRawSync(Buffer.from(link.slice(link.indexOf('=', link.indexOf('#')) + 1), 'base64url')).toString();
    expect(parseStyle(text, 'link')).toEqual(style);
    expect(await linkedStyle(`${PAGE}#piano=${deflateRawSync(serialiseStyle(style)).toString('base64url')}`)).toEqual(style);
  });

  it('says nothing where it holds no piano', async () => {
    expect(await linkedStyle(PAGE)).toBeUndefined();
    expect(await linkedStyle(`${PAGE}#top`)).toBeUndefined();
  });

  it('is refused in one line where it is damaged', async () => {
    const link = await styleLink(style, PAGE);
    for (const damaged of [link.slice(0, -40), `${PAGE}#piano=`, `${PAGE}#piano=%%%`, `${PAGE}#piano=AAAA`]) {
      await expect(linkedStyle(damaged)).rejects.toThrow('the piano of this address: is damaged: was all of it copied?');
    }
    const bomb = deflateRawSync(Buffer.alloc(2 ** 24)).toString('base64url');
    await expect(linkedStyle(`${PAGE}#piano=${bomb}`)).rejects.toThrow('is damaged');
    const other = deflateRawSync('{"format":"other"}').toString('base64url');
    await expect(linkedStyle(`${PAGE}#piano=${other}`)).rejects.toThrow(/^the piano of this address/);
  });
});
