/** `npm run bench -- engine` */
export async function engine(args: string[]): Promise<void> {
  await Promise.resolve(args);
}
